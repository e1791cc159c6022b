/** Buttons that copy a text of the page: `<button data-copy="id of the text">`. */

export function copyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copy]')) {
    const text = document.getElementById(button.dataset['copy'] ?? '');
    const said = document.getElementById(`${button.dataset['copy']}-copied`);
    if (text === null || said === null) continue;
    button.hidden = false;
    button.addEventListener('click', async () => {
      said.textContent = (await copied(text.textContent ?? '')) ? 'Copied.' : refused(text);
    });
  }
}

async function copied(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

/** The clipboard is not there, or was refused: the text is selected instead. */
function refused(text: HTMLElement): string {
  getSelection()?.selectAllChildren(text);
  return 'The browser did not allow it. The command is selected: copy it with Ctrl+C or ⌘C.';
}
