/** How traffic is divided among the backends of a rule. */
import type { Backend, RouteRule } from '../../plan/manifests/model.js';

/** The weights in force: the manifests', unless others were set. */
export class Weights {
  private readonly changed = new Map<string, number>();

  /** @param weights backend's name → weight */
  set(weights: Readonly<Record<string, number>>): void {
    for (const [name, weight] of Object.entries(weights)) this.changed.set(name, weight);
  }

  of(backend: Backend): number {
    return this.changed.get(backend.name) ?? backend.weight;
  }

  /** How many of the rule's backends get traffic. */
  countAboveZero(rule: RouteRule): number {
    return rule.backends.filter((backend) => this.of(backend) > 0).length;
  }

  /**
   * Draws a backend at random, independently of earlier draws, as Envoy's weighted clusters do.
   *
   * @param random uniform in [0, 1)
   * @returns null when all weights are 0
   */
  draw(rule: RouteRule, random: () => number): Backend | null {
    const total = rule.backends.reduce((sum, backend) => sum + this.of(backend), 0);
    if (total === 0) return null;
    let left = random() * total;
    for (const backend of rule.backends) {
      left -= this.of(backend);
      if (left < 0) return backend;
    }
    return rule.backends.findLast((backend) => this.of(backend) > 0) ?? null;
  }
}
