import type { Migration } from '../storage/index.ts';

/**
 * A run's number stands for its name in the other tables, and ids are kept without the run. What SQL asks for are
 * columns; the rest of a record (evidence, key factors, inputs …) is packed a few hundred records at a time, because
 * as JSON columns it would take several times the space. No foreign keys: they would be checked row by row.
 */
const tables = `
create table orrery_run (
  key int4 generated always as identity primary key,
  run text not null unique,
  desk text not null,
  mode text not null,
  status text not null,
  started_at float8 not null,
  finished_at float8,
  bars int4 not null default 0,
  hash text,
  owner text not null,
  claims int4 not null default 1,
  settings json not null,
  document json,
  failure json
);

create table orrery_checkpoint (run int4 primary key, checkpoint json not null);

create table orrery_decision (
  run int4 not null,
  number int4 not null,
  block int4 not null,
  position int4 not null,
  at float8 not null,
  confidence float8 not null,
  size float8,
  stop float8,
  suffix text not null,
  instrument text not null,
  agent text not null,
  kind text not null,
  action text not null,
  stance text not null,
  source text not null,
  reasoning text not null,
  primary key (run, number, suffix)
);

create table orrery_decision_detail (
  run int4 not null,
  block int4 not null,
  packed bytea not null,
  primary key (run, block)
);
alter table orrery_decision_detail alter packed set storage external;

create table orrery_order (
  run int4 not null,
  sequence int4 generated always as identity,
  at float8 not null,
  quantity float8 not null,
  limit_price float8,
  stop float8,
  id text not null,
  instrument text not null,
  side text not null,
  type text not null,
  status text not null,
  reason text,
  decision text not null,
  primary key (run, sequence)
);
create unique index orrery_order_id on orrery_order (run, id);
create index orrery_order_decision on orrery_order (run, decision);

create table orrery_fill (
  run int4 not null,
  sequence int4 generated always as identity,
  at float8 not null,
  quantity float8 not null,
  price float8 not null,
  fee float8 not null,
  order_id text not null,
  instrument text not null,
  side text not null,
  primary key (run, sequence)
);
create index orrery_fill_order on orrery_fill (run, order_id);

create table orrery_trade (
  run int4 not null,
  sequence int4 generated always as identity,
  opened_at float8 not null,
  closed_at float8 not null,
  quantity float8 not null,
  entry float8 not null,
  exit float8 not null,
  pnl float8 not null,
  fees float8 not null,
  return_pct float8 not null,
  instrument text not null,
  side text not null,
  opened_by text not null,
  closed_by text not null,
  primary key (run, sequence)
);
create index orrery_trade_opened_by on orrery_trade (run, opened_by);
create index orrery_trade_closed_by on orrery_trade (run, closed_by);

create table orrery_equity (
  run int4 not null,
  at float8 not null,
  equity float8 not null,
  cash float8 not null,
  primary key (run, at)
);
`;

/** For people and tools that speak SQL: each decision with its reasoning, its order and what the trade it opened brought. */
const decisionLog = `
create view orrery_decision_log as
select
  r.run, d.number, to_timestamp(d.at / 1000) as at, d.instrument, d.action, d.stance, d.confidence, d.size, d.stop,
  d.source, d.reasoning, o.status as order_status, o.reason as order_reason,
  (select sum(t.pnl) from orrery_trade t where t.run = d.run and t.opened_by = o.id) as pnl
from orrery_decision d
join orrery_run r on r.key = d.run
left join orrery_order o on o.run = d.run and o.decision = d.number::text
where d.kind = 'decision';
`;

/** A position's stop is an order too, and names the decision that opened it: a decision's own order goes by its id. */
const ownOrders = decisionLog
  .replace('create view', 'create or replace view')
  .replace('o.decision = d.number::text', "o.id = d.number::text || '.order'");

/** What a broker could not fill comes to light a bar after the order was written, and rows never change. */
const brokerRefusals = `
create table orrery_order_refusal (
  run int4 not null,
  order_id text not null,
  at float8 not null,
  reason text not null,
  primary key (run, order_id)
);
${ownOrders
  .replace(
    'o.status as order_status, o.reason as order_reason',
    `case
    when x.reason is null or exists (select from orrery_fill f where f.run = o.run and f.order_id = o.id) then o.status
    else 'refused'
  end as order_status,
  coalesce(x.reason, o.reason) as order_reason`,
  )
  .replace(
    "where d.kind = 'decision'",
    "left join orrery_order_refusal x on x.run = o.run and x.order_id = o.id\nwhere d.kind = 'decision'",
  )}`;

export const journalMigrations: readonly Migration[] = [
  { id: '0001-journal', sql: `${tables}${decisionLog}` },
  { id: '0002-stops-are-orders', sql: ownOrders },
  { id: '0003-broker-refusals', sql: brokerRefusals },
];
