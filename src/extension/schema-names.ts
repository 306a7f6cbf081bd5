/** A kind, as far as names follow from it. */
interface Named {
  readonly form: 'media' | 'plain';
  readonly name: string;
  readonly noun: string;
}

/** Names of the schemas of a kind in the OpenAPI document; clients are generated from them. */
export interface SchemaNames {
  /** Batch of an import. */
  readonly batch: string;
  /** Entry of a batch. */
  readonly entry: string;
  /** Status of a finished import. */
  readonly finished: string;
  /** Item in that status. */
  readonly item: string;
  /** Result of an item. */
  readonly result: string;
  /** Status of an import that was planned; only media have one. */
  readonly planned: string;
  /** File in the library; only media have one. */
  readonly file: string;
}

/** Names that are older than their pattern. */
const FORMER_NAMES: Readonly<Record<string, Partial<SchemaNames> | undefined>> = {
  videos: { finished: 'FinishedImportDto' },
};

export function schemaNames({ form, name, noun }: Named): SchemaNames {
  const [kind, one] = [capitalized(name), capitalized(noun)];
  return {
    batch: `Import${kind}Dto`,
    entry: `Import${one}${name === noun ? 'Entry' : ''}Dto`,
    finished: `Finished${kind}ImportDto`,
    item: `Imported${one}Dto`,
    result: `Imported${one}${form === 'media' ? 'Facts' : 'Result'}Dto`,
    planned: `Planned${kind}ImportDto`,
    file: `${one}FileDto`,
    ...(Object.hasOwn(FORMER_NAMES, name) && FORMER_NAMES[name]),
  };
}

/** The name of a kind or its noun as a part of a name. */
export function capitalized(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
