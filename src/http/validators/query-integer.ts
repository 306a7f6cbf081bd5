import { Transform } from 'class-transformer';

/** Reads the digits of a query string, where every value is text, as a number; leaves anything else to the rules. */
export function QueryInteger(): PropertyDecorator {
  // Number() would read '' as 0 and '0x10' as 16.
  return Transform(({ value }: { value: unknown }) =>
    typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value,
  );
}
