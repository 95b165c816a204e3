// Whether a handler answers by the callback, or by what it returns. To be wrong in the one way makes a client wait, in the other
// it accepts what the handler is about to refuse: where it can't be told, the handler is waited for.

type Handler = (...args: never[]) => unknown;

/** Whether a handler may call the callback that follows so many other arguments. */
export function takesCallback(handler: Handler, others: number): boolean {
  if (handler.length > others) return true;
  // Mocks of vitest and jest take whatever comes, and what they are made of may change: it is looked at each time.
  const { getMockImplementation } = handler as Mock;
  if (typeof getMockImplementation === 'function') {
    const made = getMockImplementation.call(handler);
    return made !== undefined && takesCallback(made, others);
  }
  const known = (KNOWN[others] ??= new WeakMap());
  let takes = known.get(handler);
  if (takes === undefined) known.set(handler, (takes = mayTakeMore(String(handler), others)));
  return takes;
}

interface Mock extends Handler {
  readonly getMockImplementation?: (this: Handler) => Handler | undefined;
}

/** What was found out, by the number of other arguments. */
const KNOWN: WeakMap<Handler, boolean>[] = [];

/** `length` counts no parameter from the first one on that has a default, or is a rest; the source shows them. */
function mayTakeMore(source: string, others: number): boolean {
  // A bound function has the length of the one that it stands for.
  if (/\[native code\]\s*\}$/.test(source)) return false;
  // What becomes of `arguments` nobody can see.
  if (/(?<![\w$.])arguments\b/.test(source.replace(NO_CODE, ''))) return true;
  const parameters = readParameters(source);
  return parameters.length > others || parameters.some((parameter) => parameter.startsWith('...'));
}

/** The source of each parameter. */
function readParameters(source: string): string[] {
  const single = /^(?:async\s+)?([\w$]+)\s*=>/.exec(source);
  if (single !== null) return [single[1]!];
  const parameters: string[] = [];
  let depth = 0;
  let parameter = '';
  for (const [token] of source.slice(source.indexOf('(')).matchAll(TOKEN)) {
    if ('([{'.includes(token) && depth++ === 0) continue;
    if (')]}'.includes(token) && --depth === 0) break;
    if (token === ',' && depth === 1) {
      parameters.push(parameter.trim());
      parameter = '';
    } else if (!token.startsWith('/*') && !token.startsWith('//')) {
      parameter += token;
    }
  }
  // A comma may stand behind the last one.
  return parameter.trim() === '' ? parameters : [...parameters, parameter.trim()];
}

/** Comments and strings: their brackets and commas are none. */
const NO_CODE = /\/\*[^]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\[^])*'|"(?:[^"\\\n]|\\[^])*"|`(?:[^`\\]|\\[^])*`/g;
/** One of them, or any other character. */
const TOKEN = new RegExp(`${NO_CODE.source}|[^]`, 'g');
