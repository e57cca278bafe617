import type { ClusterProfile } from '../profile/clusterprofile.ts';
import type { Document } from '../lint/problem.ts';
import { FleetTally, type Fleet, type FleetCluster } from './fleet.ts';
import { findByRule, type RuleFindings } from './findings.ts';

/** All that a report of a fleet shows, whatever its format. */
export interface FleetReport {
  fleet: Fleet;
  clusters: FleetCluster[];
  findings: RuleFindings[];
  /** Where the profiles are from. */
  title: string;
  /** When they were read, RFC 3339. */
  time: string;
}

/** Takes profiles one after the other, and makes a report of them. */
export class ReportBuilder {
  readonly #documents: Document[] = [];
  readonly #clusters: FleetCluster[] = [];
  readonly #tally: FleetTally;
  readonly #now: Date;
  readonly #clusterSets: ReadonlyMap<string, string>;

  constructor(now: Date, clusterSets: ReadonlyMap<string, string>) {
    this.#now = now;
    this.#clusterSets = clusterSets;
    this.#tally = new FleetTally({ now: now.getTime(), clusterSets });
  }

  add(profile: ClusterProfile): void {
    this.#clusters.push(this.#tally.add(profile));
    this.#documents.push({ file: '', document: this.#documents.length + 1, object: profile });
  }

  async end(title: string): Promise<FleetReport> {
    return {
      fleet: this.#tally.end(),
      clusters: this.#clusters,
      findings: await findByRule(this.#documents, { now: this.#now, clusterSets: this.#clusterSets }),
      title,
      time: this.#now.toISOString().replace(/\.\d+Z$/, 'Z'),
    };
  }
}
