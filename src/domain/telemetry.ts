/** The public attributes; each event has the values that it can know, null for the others. */
type Attributes = {
  readonly request_id: string;
  readonly selected_model: string | null;
  readonly fallback_chain: readonly string[];
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost_cents: number | null;
};

type Details = Readonly<Record<string, unknown>>;

/** What is logged: names and numbers of a request, never text of its conversation. */
export type TelemetryEvent =
  | (Attributes &
      Details & {
        readonly event:
          | 'routing_decision'
          | 'model_execution'
          | 'fallback_triggered'
          | 'compliance_audit'
          | 'cost_attribution';
      })
  /** Something of our own platform failed, and the requests went on without it. */
  | (Details & { readonly event: 'platform_fault'; readonly part: string });
