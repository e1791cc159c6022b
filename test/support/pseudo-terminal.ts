/** Runs the built command line on a pseudo-terminal, which Python makes: Node.js cannot. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import type { TestContext } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { BIN } from './cli.js';

/** Its standard input takes commands: `size COLUMNS ROWS`, `type HEX`, `continue`. Its status is the child's. */
const PYTHON = `
import fcntl, os, pty, select, signal, struct, sys, termios
def size(fd, columns, rows):
    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', rows, columns, 0, 0))
pid, fd = pty.fork()
if pid == 0:
    size(0, int(sys.argv[1]), int(sys.argv[2]))
    os.execv(sys.argv[3], sys.argv[3:])
commands = b''
sources = [fd, 0]
while fd in sources:
    for source in select.select(sources, [], [])[0]:
        try:
            data = os.read(source, 65536)
        except OSError:
            data = b''
        if not data:
            sources.remove(source)
        elif source == fd:
            os.write(1, data)
        else:
            commands += data
            *lines, commands = commands.split(b'\\n')
            for name, *values in (line.split() for line in lines):
                if name == b'size':
                    size(fd, int(values[0]), int(values[1]))
                elif name == b'type':
                    os.write(fd, bytes.fromhex(values[0].decode()))
                else:
                    os.kill(pid, signal.SIGCONT)
status = os.waitpid(pid, 0)[1]
sys.exit(os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status))
`;

export interface TerminalRun {
  /** Everything that was written so far. */
  readonly written: () => string;
  /** Lines as they stand on the terminal when the alternate screen was left, without colours. */
  readonly left: () => string[];
  /** What was drawn on the alternate screen. */
  readonly frames: () => string;
  readonly resize: (columns: number, rows: number) => void;
  /** Keys, as bytes: Ctrl-C is 3. */
  readonly type: (...bytes: readonly number[]) => void;
  /** As the shell's `fg` after Ctrl-Z. */
  readonly continue: () => void;
  readonly end: Promise<number | null>;
}

/** Null: there is no Python, and the test is skipped; with REQUIRE_PYTHON=1 it fails. */
export function startOnTerminal(
  t: TestContext,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  [columns, rows]: readonly [columns: number, rows: number] = [100, 30],
): TerminalRun | null {
  if (spawnSync('python3', ['-I', '-c', 'import pty']).status !== 0) {
    if (process.env['REQUIRE_PYTHON'] === '1') throw new Error('there is no python3');
    t.skip('no python3');
    return null;
  }
  const {
    CI: _ci,
    NO_COLOR: _noColor,
    FORCE_COLOR: _forceColor,
    COLUMNS: _columns,
    ...inherited
  } = process.env;
  const words = ['-I', '-c', PYTHON, String(columns), String(rows), process.execPath, BIN, ...args];
  const child = spawn('python3', words, {
    env: { ...inherited, TERM: 'xterm-256color', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  t.after(() => child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  let written = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    written += text;
  });
  const say = (command: string) => child.stdin.write(`${command}\n`);
  const screens = () => written.split(/\u001b\[\?1049([hl])/);
  return {
    written: () => written,
    left: () =>
      stripVTControlCharacters(
        screens()
          .filter((_, i, all) => i % 2 === 0 && all[i - 1] !== 'h')
          .join(''),
      ).split('\r\n'),
    frames: () =>
      screens()
        .filter((_, i, all) => i % 2 === 0 && all[i - 1] === 'h')
        .join(''),
    resize: (wide, high) => say(`size ${wide} ${high}`),
    type: (...bytes) => say(`type ${Buffer.from(bytes).toString('hex')}`),
    continue: () => say('continue'),
    end: once(child, 'close').then(([status]) => status as number | null),
  };
}
