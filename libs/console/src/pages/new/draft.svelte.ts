import type { Checked, Detected, Entry, Fault, IdMap, TableInput, Understood } from '#libs/client/table';
import { firstChoice, remember, type Choice, type Field } from './fields.js';
import { pastedList } from './url-list.js';

/** Loaded when it is needed: readers of CSV and JSON are large. */
export const loadTable = () => import('#libs/client/table');

/** A list with what is known of it. */
interface OpenList {
  input: TableInput;
  detected: Detected;
  columns: readonly string[];
  /** The first row. */
  sample: Readonly<Record<string, unknown>>;
  /** Why there are no columns. */
  fault: Fault | undefined;
  isUrls: boolean;
}

/** A list that is being prepared: read, mapped and checked here, before anything is sent. */
export class Draft {
  list = $state.raw<OpenList>();
  choice = $state.raw<Choice>();
  checked = $state.raw<Checked>();
  isChecking = $state(false);
  /** Why the list cannot be read. */
  failure = $state('');

  private controller = new AbortController();
  private understood: Understood | undefined;
  private ids: IdMap | undefined;

  /** Whether everything may be sent. */
  get isReady(): boolean {
    return !this.isChecking && this.checked?.faultCount === 0 && this.checked.entries > 0;
  }

  openFile(file: File): Promise<void> {
    return this.open(file.name, file, false);
  }

  async openText(text: string): Promise<void> {
    if (text.trim() === '') return this.clear();
    const { name, content, isUrls } = pastedList(text);
    await this.open(name, new Blob([content]), isUrls);
  }

  clear(): void {
    this.interrupt();
    this.list = undefined;
    this.checked = undefined;
    this.failure = '';
    this.isChecking = false;
  }

  /** Reads the list again with another delimiter. */
  async useDelimiter(delimiter: string): Promise<void> {
    const { list } = this;
    if (list === undefined) return;
    await this.work((signal) =>
      this.understand(list.input, { ...list.detected, delimiter }, list.isUrls, signal),
    );
  }

  /** @param column empty: none */
  async map(field: Field, column: string): Promise<void> {
    const { choice } = this;
    if (choice === undefined) return;
    await this.choose({ ...choice, columns: { ...choice.columns, [field]: column } });
  }

  async ignore(column: string, isIgnored: boolean): Promise<void> {
    const { choice } = this;
    if (choice === undefined) return;
    const others = choice.ignored.filter((name) => name !== column);
    await this.choose({ ...choice, ignored: isIgnored ? [...others, column] : others });
  }

  lineOf(externalId: string): number | undefined {
    return this.ids?.lineOf(externalId);
  }

  /** The entries of a checked list. @throws Error if the file has changed since */
  async *batches(size: number): AsyncGenerator<Entry[]> {
    const { list, understood } = this;
    if (list === undefined || understood === undefined) throw new Error('There is no checked list');
    const { batchesOf } = await loadTable();
    yield* batchesOf(list.input, understood, size);
  }

  private async open(name: string, blob: Blob, isUrls: boolean): Promise<void> {
    await this.work(async (signal) => {
      const { openBlob, detectFormat } = await loadTable();
      const input = await openBlob(name, blob);
      await this.understand(input, await detectFormat(input), isUrls, signal);
    });
  }

  private async understand(
    input: TableInput,
    detected: Detected,
    isUrls: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const { readRows, guessColumns } = await loadTable();
    let sample: Readonly<Record<string, unknown>> = {};
    let fault: Fault | undefined;
    for await (const item of readRows(input, detected)) {
      if ('fault' in item) fault ??= item.fault;
      else sample = item.row.values;
      if ('row' in item) break;
    }
    signal.throwIfAborted();
    const columns = Object.keys(sample);
    this.list = { input, detected, columns, sample, fault, isUrls };
    this.choice = firstChoice(columns, guessColumns(columns), isUrls);
    await this.check(signal);
  }

  private async choose(choice: Choice): Promise<void> {
    this.choice = choice;
    if (this.list !== undefined) remember(this.list.columns, choice);
    await this.work((signal) => this.check(signal));
  }

  private async check(signal: AbortSignal): Promise<void> {
    const { list, choice } = this;
    this.checked = undefined;
    if (list === undefined || choice === undefined) return;
    const { id, url, title, sha256, size } = choice.columns;
    if (id === '' || url === '') return;
    const { checkInput, completeMapping, IdMap } = await loadTable();
    const optional = { title: title || undefined, sha256: sha256 || undefined, size: size || undefined };
    const mapping = completeMapping(list.columns, { id, url, ...optional }, new Set(choice.ignored));
    const understood = { detected: list.detected, columns: list.columns, mapping };
    const ids = new IdMap();
    const checked = await checkInput(list.input, understood, ids, signal);
    signal.throwIfAborted();
    this.understood = understood;
    this.ids = ids;
    this.checked = checked;
  }

  /** Runs one thing at a time: a newer one ends an older one. */
  private async work(run: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const signal = this.interrupt();
    this.isChecking = true;
    this.failure = '';
    try {
      await run(signal);
    } catch (error) {
      if (signal.aborted) return;
      this.checked = undefined;
      this.failure = error instanceof Error ? error.message : String(error);
    } finally {
      if (!signal.aborted) this.isChecking = false;
    }
  }

  private interrupt(): AbortSignal {
    this.controller.abort();
    this.controller = new AbortController();
    return this.controller.signal;
  }
}
