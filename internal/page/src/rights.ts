// Made by go generate ./internal/page from package access. Do not edit.
import type {Scope} from "./api/names.ts";

/** The scopes of a classic token that reads everything. */
export const scopes: Record<Scope, string> = {
  organization: "read:org,manage_billing:copilot",
  enterprise: "read:enterprise,manage_billing:enterprise",
};

/** The permissions of a GitHub App that reads everything. Usage and seats do not need the optional ones. */
export const permissions: Record<Scope, {name: string; reads: string; optional: boolean}[]> = {
  organization: [
    {name: "Organization Copilot metrics", reads: "usage", optional: false},
    {name: "GitHub Copilot Business", reads: "seats", optional: false},
    {name: "Administration", reads: "billed AI credits and budgets", optional: true},
  ],
  enterprise: [
    {name: "Enterprise Copilot metrics", reads: "usage", optional: false},
    {name: "Enterprise Copilot license management", reads: "seats", optional: false},
    {name: "Enterprise billing", reads: "billed AI credits, cost centers and budgets", optional: true},
  ],
};
