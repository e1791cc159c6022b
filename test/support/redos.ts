/** Expressions and texts that take a backtracking engine seconds to ages. */

export interface Redos {
  readonly pattern: string;
  /** A hostile text of about `length` characters. */
  readonly text: (length: number) => string;
}

const of =
  (unit: string, end = '', start = '') =>
  (length: number) =>
    start + unit.repeat(Math.ceil(length / unit.length)) + end;

/** Texts of a and b in an order without a period, the same each time. */
function mixed(length: number): string {
  let state = 1;
  let text = '';
  while (text.length < length) {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    text += state & 65_536 ? 'a' : 'b';
  }
  return text;
}

const CASES: readonly (readonly [pattern: string, ...texts: Redos['text'][]])[] = [
  ['([\\w.-]+)-v\\d+', of('a'), of('a', ' -v'), of('a', '', '-v1 -v'), of('a-'), of('a', '-v1')],
  ['/([a-z]+[a-z0-9]*)*/x', of('a', '', '/'), of('a', '/y', '/x /')],
  ['(a+)+$', of('a', '!')],
  ['(a+)+[bc]', of('a'), of('a', '!')],
  ['(a*)*[bc]', of('a')],
  ['(a|a)*[bc]', of('a')],
  ['(a|aa)+$', of('a', '!')],
  ['(a|a?)+$', of('a', '!')],
  ['(a|b|ab)*[cd]', of('ab')],
  ['([a-zA-Z]+)*$', of('a', '!')],
  ['(.*a){12}[bc]$', of('a')],
  ['(.*)(.*)(.*)[xy]$', of('a', '\n')],
  ['(.*?)(.*?)(.*?)\\d$', of('a', 'x', '1')],
  ['(.+)+\\n\\n', of('a', '\n')],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', of('a')],
  ['^(\\w+\\s?)*$', of('a ', '!'), of('a', '!')],
  ['(\\w+\\s?)*;', of('a '), of('a ', '', ';')],
  ['\\s+$|(x)', of(' ', 'y')],
  ['(\\s*)*\\S$', of(' ')],
  ['(x+x+)+y', of('x', '', 'y'), of('x', 'z')],
  ['^(.*?,){11}P', of(',', 'Q')],
  ['^(?:(?:[^,]*),?)*(;)$', of('a,')],
  ['([^@]+)@([^.]+)\\.(\\w+)', of('@'), of('a', '@'), of('a@')],
  ['<([^>]*)>.*</([^>]*)>', of('<a>')],
  ['"version":"([^"]*)"\\}', of('"version":"'), of('"version":"', '"}')],
  ['"version"\\s*:\\s*"([^"]+)"', of(' ', '', '"version"'), of('"version" ', '"version":"')],
  ['version=(\\S+) ok', of('version='), of('version=', ' ok')],
  ['(\\d+)\\.(\\d+)\\.(\\d+)-', of('1'), of('1.', '-'), of('1', '-')],
  ['(?:a?){100}(a{100})$', of('a', 'b')],
  ['(?:(?:a{1,5}){1,5}){1,5}([bc])$', of('a')],
  ['(a.{50}[bc])$', of('a', 'd')],
  ['[ab]*a([ab]{18})[cd]', mixed, (length) => `${mixed(length)}e`],
  ['(?i)(k+)+[lm]', of('\u212a'), of('K')],
  ['(\\pL+)+\\d', of('é'), of('é', '!', '1')],
  ['(?:x*y*)*(z)', of('xy', '', 'z'), of('xy')],
  ['\\b(\\w+)\\b-[xy]$', of('a '), of('a-')],
  ['(?s)(.*)(.*)=(.*)$|^(\\n)', of('\n'), of('=', '\n')],
  ['(?m)^(\\S+)+$', of('a', ' b'), of('a\n ')],
  ['\\[(\\w+)\\]', of('['), of('a', '', '['), of('[a')],
  ['aa;aa(a+)bb', of('a'), of('aa;aa'), of('a', ';', 'aa;aa')],
  ['aaaaaaaaaaaaaaaa;(a*);', of('a'), of('a', '', 'aaaaaaaaaaaaaaaa;'), of('aaaaaaaaaaaaaaaa;b')],
];

/** The hostile texts of each expression, one by one. */
export const REDOS: readonly Redos[] = CASES.flatMap(([pattern, ...texts]) =>
  texts.map((text): Redos => ({ pattern, text })),
);
