import { plainToInstance } from 'class-transformer';
import { type ValidationError, validateSync } from 'class-validator';
import type { ArrayRule, DtoClass } from './array-of.decorator.js';
import type { JsonSource } from './body-source.js';
import type { RuleContext } from './context-rule.js';
import { didYouMean } from '../config/did-you-mean.js';
import { dottedPath } from './dotted-path.js';
import { type DtoPlan, planOf } from './dto-plan.js';
import type { Faults } from './faults.js';
import { entrySources, keepFreeForm } from './keep-free-form.js';
import { inWords } from './list-in-words.js';
import { isPlainObject, type PlainObject } from './plain-object.js';
import { TimeSlices } from './time-slices.js';

const NO_BODY = 'Must be a JSON object, not an empty body';

const RULES = { forbidUnknownValues: false, whitelist: true, forbidNonWhitelisted: true } as const;

/** Reads plain values into DTOs and collects all faults; long arrays in time slices. */
export class DtoReader {
  private readonly slices = new TimeSlices();

  constructor(
    private readonly faults: Faults,
    private readonly context: RuleContext,
  ) {}

  /**
   * @param type the DTO class
   * @param value the parsed value
   * @param path path of the value; '' for the whole body
   * @param source JSON text of the value, if known
   * @returns an instance; usable only if no fault was added
   */
  async read(type: DtoClass, value: unknown, path = '', source?: JsonSource): Promise<object> {
    const plan = planOf(type);
    if (value === undefined && path === '' && plan.mayBeAbsent) return new type();
    if (!isPlainObject(value)) {
      this.faults.add(path === '' ? 'body' : path, value === undefined ? NO_BODY : plan.mustBeObject);
      return new type();
    }
    if (source) keepFreeForm(plan, value, source);
    const instance = this.readFields(type, plan, value, path);
    for (const [field, rule] of plan.arrays) {
      const sources = entrySources(source, field);
      const entries = await this.readArray(rule, value[field], dottedPath(path, field), sources);
      if (entries) Object.assign(instance, { [field]: entries });
    }
    return instance;
  }

  private async readArray(
    rule: ArrayRule,
    value: unknown,
    path: string,
    sources: Iterator<JsonSource, undefined>,
  ): Promise<object[] | undefined> {
    const max = rule.max(this.context);
    const wanted = `an array of ${rule.min} to ${max} entries`;
    if (value === undefined) {
      if (!rule.optional) this.faults.add(path, `Required: ${wanted}`);
      return undefined;
    }
    if (!Array.isArray(value)) {
      this.faults.add(path, `Must be ${wanted}`);
      return undefined;
    }
    if (value.length < rule.min || value.length > max) {
      this.faults.add(path, `Must be ${wanted}, not ${value.length}`);
      return undefined;
    }
    const entries = await this.readEntries(rule.item(), value, path, sources);
    if (rule.uniqueBy !== undefined) await this.findRepeats(rule.uniqueBy, value, path);
    return entries;
  }

  private async readEntries(
    type: DtoClass,
    values: unknown[],
    path: string,
    sources: Iterator<JsonSource, undefined>,
  ): Promise<object[]> {
    const plan = planOf(type);
    const entries: object[] = [];
    for (const [index, value] of values.entries()) {
      const entryPath = dottedPath(path, index);
      const source = sources.next().value;
      // An entry without arrays needs no promise. At 10 000 entries that is worth a second branch.
      if (plan.arrays.length === 0 && isPlainObject(value)) {
        if (source) keepFreeForm(plan, value, source);
        entries.push(this.readFields(type, plan, value, entryPath));
      } else entries.push(await this.read(type, value, entryPath, source));
      if (this.slices.isOver) await this.slices.pause();
    }
    return entries;
  }

  /** Reports duplicates with both paths. */
  private async findRepeats(field: string, values: unknown[], path: string): Promise<void> {
    const places = new Map<string, number>();
    for (const [index, value] of values.entries()) {
      const text = isPlainObject(value) ? value[field] : undefined;
      if (typeof text !== 'string') continue;
      const first = places.get(text);
      if (first === undefined) places.set(text, index);
      else {
        const other = dottedPath(dottedPath(path, first), field);
        const sentence = `Must be unique within the batch; duplicates ${other}`;
        this.faults.add(dottedPath(dottedPath(path, index), field), sentence);
      }
      if (this.slices.isOver) await this.slices.pause();
    }
  }

  private readFields(type: DtoClass, plan: DtoPlan, value: PlainObject, path: string): object {
    this.findUnknown(plan, value, path);
    // class-transformer would walk and copy free-form values, and read long arrays in one go.
    const simple: PlainObject = {};
    const free: PlainObject = {};
    for (const field of plan.names) {
      if (!Object.hasOwn(value, field)) continue;
      (plan.freeForm.has(field) ? free : simple)[field] = value[field];
    }
    for (const [field] of plan.arrays) delete simple[field];
    const instance = Object.assign(plainToInstance(type, simple), free);
    const errors = validateSync(instance, RULES);
    for (const error of errors) this.addError(error, path);
    this.checkInContext(plan, instance, new Set(errors.map(({ property }) => property)), path);
    return instance;
  }

  /** @param faulty fields that already have a fault */
  private checkInContext(plan: DtoPlan, instance: object, faulty: ReadonlySet<string>, path: string): void {
    for (const [field, rule] of plan.inContext) {
      const value: unknown = Reflect.get(instance, field);
      if (typeof value !== 'string' || faulty.has(field)) continue;
      const sentence = rule(value, this.context);
      if (sentence !== undefined) this.faults.add(dottedPath(path, field), sentence);
    }
  }

  private findUnknown(plan: DtoPlan, value: PlainObject, path: string): void {
    for (const key of Object.keys(value)) {
      if (plan.fields.has(key)) continue;
      if (this.faults.isFull) {
        this.faults.addUnworded(1);
        continue;
      }
      const meant = didYouMean(key, plan.names);
      const hint = meant ? `. Did you mean "${meant}"?` : knownFields(plan);
      this.faults.add(dottedPath(path, key), `Unknown field${hint}`);
    }
  }

  /** Reports the first broken rule of each field. */
  private addError(error: ValidationError, path: string): void {
    const here = dottedPath(path, error.property);
    const [broken] = Object.entries(error.constraints ?? {});
    if (broken) this.faults.add(here, broken[0] === 'whitelistValidation' ? 'Unknown field' : broken[1]);
    for (const child of error.children ?? []) this.addError(child, here);
  }
}

function knownFields(plan: DtoPlan): string {
  return plan.names.length === 0 ? '' : `; known fields: ${inWords(plan.names, 'and')}`;
}
