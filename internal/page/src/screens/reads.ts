// What the tabs read of a connector. One key, one answer: tabs share what they have read.
import type {Connector, Cost, Person, Seat, Seats, Usage, Users} from "../api/names.ts";
import {useResource} from "../api/resource.ts";

/** Changes when a poll has brought new numbers, so that they are read again. */
const version = ({lastPoll, updatedAt}: Connector) => `${lastPoll?.at} ${updatedAt}`;

export function useCost(c: Connector, month = "") {
  return useResource(`cost ${c.id} ${month} ${version(c)}`, (client, signal) => client.get<Cost>(`/connectors/${c.id}/cost`, {query: {month}, signal}));
}

export function useUsage(c: Connector, from = "", to = "") {
  return useResource(`usage ${c.id} ${from} ${to} ${version(c)}`, (client, signal) => client.get<Usage>(`/connectors/${c.id}/usage`, {query: {from, to}, signal}));
}

export interface PeopleOf {
  from: string;
  to: string;
  people: Person[];
}

export function usePeople(c: Connector, from = "", to = "") {
  return useResource(`users ${c.id} ${from} ${to} ${version(c)}`, async (client, signal): Promise<PeopleOf> => {
    const {first, rows} = await client.all<Users, Person>(`/connectors/${c.id}/users`, {from, to}, (p) => p.users, signal);
    return {from: first.from, to: first.to, people: rows};
  });
}

export function useSeats(c: Connector) {
  return useResource(`seats ${c.id} ${version(c)}`, async (client, signal): Promise<Seats> => {
    const {first, rows} = await client.all<Seats, Seat>(`/connectors/${c.id}/seats`, {}, (p) => p.seats, signal);
    return {...first, seats: rows, next: null};
  });
}
