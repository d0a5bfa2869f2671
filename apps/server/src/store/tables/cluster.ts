/** Who does a job that is done once in a cluster, and until when. */
export interface LeasesTable {
  name: string;
  owner: string;
  leased_until: number;
}

/** What the change feed tells, in the order of the commits; only the newest are kept. */
export interface ChangesTable {
  /** From 1, without gaps. */
  id: number;
  event: string;
  /** JSON object. */
  data: string;
  created_at: number;
}
