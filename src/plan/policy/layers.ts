/** Fields of a policy that several resources give: the closest one first. */
import type { Field } from '../manifests/fields.js';

/**
 * A block that may stand in several policies that are merged, field by field. The API server has written the defaults of its
 * fields into each of them, so that for a field with a default only the closest block counts.
 */
export class LayeredBlock {
  readonly #blocks: readonly Field[];

  /** @param blocks the closest first; absent ones do not count */
  constructor(blocks: readonly Field[]) {
    this.#blocks = blocks.filter(({ present }) => present);
  }

  get present(): boolean {
    return this.#blocks.length > 0;
  }

  /** A block within it. */
  block(key: string): LayeredBlock {
    return new LayeredBlock(this.#blocks.map((block) => block.get(key)));
  }

  /** A field that has a default: the closest block's; null if it does not give it. */
  closest<T>(key: string, read: (field: Field) => T | null): T | null {
    const [block] = this.#blocks;
    return block === undefined ? null : read(block.get(key));
  }

  /** A field without a default: that of the closest block that has it; null if none has. */
  first<T>(key: string, read: (field: Field) => T | null): T | null {
    const field = this.#blocks.map((block) => block.get(key)).find(({ present }) => present);
    return field === undefined ? null : read(field);
  }
}
