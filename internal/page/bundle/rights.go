package main

import (
	"fmt"
	"slices"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// rightsFile is the source that rights writes.
const rightsFile = "src/rights.ts"

// rights returns what package access says of credentials, as TypeScript: the page has no list of scopes or permissions of its own.
func rights() []byte {
	var scopes, permissions strings.Builder
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		var names []string
		for _, need := range access.Needed(scope, credential.ClassicPAT, true) {
			names = append(names, need.Name)
		}
		fmt.Fprintf(&scopes, "  %s: %q,\n", scope, strings.Join(names, ","))
		fmt.Fprintf(&permissions, "  %s: [\n", scope)
		for _, need := range access.Needed(scope, credential.GitHubApp, true) {
			need.For = opened(scope, need.Grant)
			optional := !slices.Contains(need.For, access.Usage) && !slices.Contains(need.For, access.Seats)
			fmt.Fprintf(&permissions, "    {name: %q, reads: %q, optional: %t},\n", need.Name, need.Purposes(), optional)
		}
		permissions.WriteString("  ],\n")
	}
	return fmt.Appendf(nil, `// Made by go generate ./internal/page from package access. Do not edit.
import type {Scope} from "./api/names.ts";

/** The scopes of a classic token that reads everything. */
export const scopes: Record<Scope, string> = {
%s};

/** The permissions of a GitHub App that reads everything. Usage and seats do not need the optional ones. */
export const permissions: Record<Scope, {name: string; reads: string; optional: boolean}[]> = {
%s};
`, scopes.String(), permissions.String())
}

// opened lists what a permission lets an App read.
func opened(scope copilot.Scope, permission access.Grant) (what []access.Capability) {
	for _, one := range access.All() {
		if right, ok := access.For(scope, credential.GitHubApp, one); ok && right.Least == permission {
			what = append(what, one)
		}
	}
	return what
}
