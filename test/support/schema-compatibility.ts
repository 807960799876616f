interface Schema {
  readonly type?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly format?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

/**
 * What of `after` breaks a reader or a writer of `before`: a field that is gone, has another type or other values, is
 * no longer always there, or must suddenly be there. New optional fields break nobody. Each as `path: what`.
 */
export function incompatibilities(before: Schema, after: Schema, path = '$'): string[] {
  const same = (name: 'type' | 'const' | 'format'): string[] =>
    text(before[name]) === text(after[name])
      ? []
      : [`${path}: ${name} was ${text(before[name])}, is ${text(after[name])}`];
  return [
    ...same('type'),
    ...same('const'),
    ...same('format'),
    ...values(before, after, path),
    ...fields(before, after, path),
    ...(before.items !== undefined && after.items !== undefined
      ? incompatibilities(before.items, after.items, `${path}[]`)
      : []),
    ...alternatives(before, after, path),
  ];
}

const text = (value: unknown): string => (value === undefined ? 'absent' : JSON.stringify(value));

/** Closed sets stay as they are: a reader may refuse a value that is new to it, or wait for one that is gone. */
function values(before: Schema, after: Schema, path: string): string[] {
  const sorted = (list: readonly unknown[] | undefined): string => text(list && [...list].map(text).sort());
  return sorted(before.enum) === sorted(after.enum)
    ? []
    : [`${path}: the values were ${text(before.enum)}, are ${text(after.enum)}`];
}

function fields(before: Schema, after: Schema, path: string): string[] {
  const found = Object.entries(before.properties ?? {}).flatMap(([name, schema]) => {
    const now = after.properties?.[name];
    return now === undefined
      ? [`${path}.${name}: is gone`]
      : incompatibilities(schema, now, `${path}.${name}`);
  });
  const [was, is] = [new Set(before.required), new Set(after.required)];
  const lost = [...was].filter((name) => !is.has(name) && after.properties?.[name] !== undefined);
  const demanded = [...is].filter((name) => !was.has(name));
  return [
    ...found,
    ...lost.map((name) => `${path}.${name}: is no longer always there`),
    ...demanded.map((name) => `${path}.${name}: is newly required`),
  ];
}

function alternatives(before: Schema, after: Schema, path: string): string[] {
  if ((before.anyOf?.length ?? 0) !== (after.anyOf?.length ?? 0)) return [`${path}: has other alternatives`];
  return (before.anyOf ?? []).flatMap((schema, i) =>
    incompatibilities(schema, after.anyOf?.[i] ?? {}, `${path}|${i}`),
  );
}
