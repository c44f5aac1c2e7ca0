/** The public attributes; each event has those that it can know. */
type Attributes = {
  readonly request_id: string;
  readonly selected_model: string | null;
  readonly fallback_chain: readonly string[];
  readonly tokens_in: number | null;
  readonly tokens_out: number | null;
  readonly cost_cents: number | null;
};

/** What is logged of a request; names and numbers, never text of the conversation. */
export type TelemetryEvent = Attributes &
  Readonly<Record<string, unknown>> & {
    readonly event:
      | 'routing_decision'
      | 'model_execution'
      | 'fallback_triggered'
      | 'cost_attribution'
      | 'platform_fault';
  };
