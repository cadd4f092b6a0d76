/** Words for the person at the terminal while work goes on; never a result. */
export interface Notices {
  /** Something is not as asked, and the work goes on. Said once per distinct text. */
  warn(text: string): void;
  /** Something failed that a person should look at now, e.g. a provider's outage. */
  alert(text: string): void;
}
