// The calls by which tabs read a connector. Two tabs with the same key share the answer.
import type {Query} from "../api/client.ts";
import {useList} from "../api/list.ts";
import type {
  Audit,
  AuditEvent,
  Connector,
  Cost,
  Month,
  Person,
  Seat,
  Seats,
  SeatDay,
  Repositories,
  Teams,
  Usage,
  Users,
  Week,
} from "../api/names.ts";
import {useResource} from "../api/resource.ts";
import type {Range} from "./range.tsx";

/** Changes after a poll or a setting, so that the numbers are read again. */
const version = ({lastPoll, updatedAt}: Connector) => `${lastPoll?.at} ${updatedAt}`;

export function useCost(c: Connector, month = "") {
  return useResource(`cost ${c.id} ${month} ${version(c)}`, (client, signal) =>
    client.get<Cost>(`/connectors/${c.id}/cost`, {query: {month}, signal}),
  );
}

export function useUsage(c: Connector, from = "", to = "") {
  return useResource(`usage ${c.id} ${from} ${to} ${version(c)}`, (client, signal) =>
    client.get<Usage>(`/connectors/${c.id}/usage`, {query: {from, to}, signal}),
  );
}

/** Reads the days of a range, and the totals of the same number of days before, of everybody or of one team. */
export function useCompared(c: Connector, {from, to}: Range = {from: "", to: ""}, team = "") {
  return useResource(`compared ${c.id} ${from} ${to} ${team} ${version(c)}`, (client, signal) =>
    client.get<Usage>(`/connectors/${c.id}/usage`, {query: {from, to, team, compare: "previous"}, signal}),
  );
}

export function useMonths(c: Connector) {
  return useResource(
    `months ${c.id} ${version(c)}`,
    async (client, signal) =>
      (await client.get<{months: Month[]}>(`/connectors/${c.id}/usage`, {query: {by: "month"}, signal})).months,
  );
}

export function useWeeks(c: Connector) {
  return useResource(
    `weeks ${c.id} ${version(c)}`,
    async (client, signal) =>
      (await client.get<{weeks: Week[]}>(`/connectors/${c.id}/usage`, {query: {by: "week"}, signal})).weeks,
  );
}

export function useTeams(c: Connector, {from, to}: Range) {
  return useResource(`teams ${c.id} ${from} ${to} ${version(c)}`, (client, signal) =>
    client.get<Teams>(`/connectors/${c.id}/teams`, {query: {from, to}, signal}),
  );
}

export function useRepositories(c: Connector, {from, to}: Range) {
  return useResource(`repositories ${c.id} ${from} ${to} ${version(c)}`, (client, signal) =>
    client.get<Repositories>(`/connectors/${c.id}/repositories`, {query: {from, to}, signal}),
  );
}

/** Reads how many seats there were on each of the 90 days before the last poll. */
export function useSeatHistory(c: Connector) {
  const polled = c.lastPoll?.at ?? c.createdAt;
  const [from, to] = [90, 0].map((days) => new Date(Date.parse(polled) - days * 86_400_000).toISOString().slice(0, 10));
  return useResource(
    `seat history ${c.id} ${version(c)}`,
    async (client, signal) =>
      (await client.get<{days: SeatDay[]}>(`/connectors/${c.id}/seats/history`, {query: {from, to}, signal})).days,
  );
}

/** Reads the people with the most credits in a range. */
export function useHeaviest(c: Connector, {from, to}: Range) {
  const query = {from, to, sort: "creditsUsed", order: "desc"};
  return useResource(`heaviest ${c.id} ${from} ${to} ${version(c)}`, (client, signal) =>
    client.get<Users>(`/connectors/${c.id}/users`, {query, signal}),
  );
}

/** Reads the people of a range that a query finds, in its order. */
export function usePeople(c: Connector, query: Query) {
  return useList<Users, Person>(
    `users ${c.id} ${JSON.stringify(query)} ${version(c)}`,
    `/connectors/${c.id}/users`,
    query,
    (answer) => answer.users,
  );
}

/** Reads the seats that a query finds, in its order. Each answer has a summary of all seats. */
export function useSeats(c: Connector, query: Query) {
  return useList<Seats, Seat>(
    `seats ${c.id} ${JSON.stringify(query)} ${version(c)}`,
    `/connectors/${c.id}/seats`,
    query,
    (answer) => answer.seats,
  );
}

/** Reads the record of changes, the newest first. */
export function useAudit(c: Connector) {
  return useList<Audit, AuditEvent>(`audit ${c.id} ${version(c)}`, `/connectors/${c.id}/audit`, {}, (answer) => answer.events);
}
