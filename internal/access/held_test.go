package access_test

import (
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// Nobody may be told to remove a scope that something needs which works now.
func TestWithoutItsSurplusATokenReadsAsMuch(t *testing.T) {
	t.Parallel()
	const organization, enterprise = copilot.Organization, copilot.Enterprise
	const ok, denied, unknown = access.OK, access.Denied, access.Unknown
	for _, test := range []struct {
		name                string
		scope               copilot.Scope
		held                string
		billing             access.Permitted
		surplus, left, anew string
	}{
		{"exact", organization, "read:org", denied, "", "read:org (usage and seats)", "read:org (usage and seats)"},
		{
			"asked for by older guides", organization, "manage_billing:copilot read:org", denied, "",
			"read:org (usage and seats)", "read:org (usage and seats)",
		},
		{
			"bill by the scope in use", organization, "manage_billing:copilot read:org", ok, "",
			"manage_billing:copilot (billed AI credits) and read:org (usage and seats)", "read:org (usage and seats) and manage_billing:copilot (billed AI credits)",
		},
		{
			"bill by admin:org", organization, "admin:org", ok, "admin:org",
			"read:org (usage and seats) and manage_billing:copilot (billed AI credits)", "read:org (usage and seats) and manage_billing:copilot (billed AI credits)",
		},
		{
			"bill by admin:org, perhaps", organization, "admin:org", unknown, "admin:org",
			"read:org (usage and seats) and manage_billing:copilot (billed AI credits)", "read:org (usage and seats) and manage_billing:copilot (billed AI credits)",
		},
		{"no bill by admin:org", organization, "admin:org", denied, "admin:org", "read:org (usage and seats)", "read:org (usage and seats)"},
		{
			"bill by an unknown scope", organization, "read:org repo", ok, "repo",
			"read:org (usage and seats) and manage_billing:copilot (billed AI credits)", "read:org (usage and seats) and manage_billing:copilot (billed AI credits)",
		},
		{"bill by read:org", organization, "read:org", ok, "", "read:org (usage and seats)", "read:org (usage and seats)"},
		{"no bill, and no scope for it", organization, "read:org repo", unknown, "repo", "read:org (usage and seats)", "read:org (usage and seats)"},
		{
			"bill by copilot", organization, "copilot read:org", ok, "copilot",
			"read:org (usage and seats) and manage_billing:copilot (billed AI credits)", "read:org (usage and seats) and manage_billing:copilot (billed AI credits)",
		},
		{"write:org", organization, "write:org", denied, "write:org", "read:org (usage and seats)", "read:org (usage and seats)"},
		{
			"also a scope for an enterprise's connector", organization, "read:enterprise read:org", denied, "",
			"read:org (usage and seats)", "read:org (usage and seats)",
		},
		{
			"could change an enterprise's billing", organization, "manage_billing:enterprise read:org", denied, "manage_billing:enterprise",
			"read:org (usage and seats)", "read:org (usage and seats)",
		},

		{"exact", enterprise, "read:enterprise", denied, "", "read:enterprise (usage and seats)", "read:enterprise (usage and seats)"},
		{
			"bill by admin:enterprise", enterprise, "admin:enterprise", ok, "admin:enterprise",
			"read:enterprise (usage and seats) and manage_billing:enterprise (billed AI credits)",
			"read:enterprise (usage and seats) and manage_billing:enterprise (billed AI credits)",
		},
		{
			"no bill by admin:enterprise", enterprise, "admin:enterprise", denied, "admin:enterprise",
			"read:enterprise (usage and seats)", "read:enterprise (usage and seats)",
		},
		{
			"usage by manage_billing:copilot", enterprise, "manage_billing:copilot repo", denied, "repo",
			"manage_billing:copilot (usage and seats)", "read:enterprise (usage and seats)",
		},
		{
			"also a scope for an organization's connector", enterprise, "read:enterprise read:org", denied, "",
			"read:enterprise (usage and seats)", "read:enterprise (usage and seats)",
		},
		{
			"asked for by older guides, and more", enterprise, "manage_billing:copilot manage_billing:enterprise read:enterprise read:org repo", denied, "repo",
			"read:enterprise (usage and seats)", "read:enterprise (usage and seats)",
		},
		{
			"perhaps a bill", enterprise, "manage_billing:enterprise read:enterprise repo", unknown, "repo",
			"manage_billing:enterprise (billed AI credits) and read:enterprise (usage and seats)",
			"read:enterprise (usage and seats) and manage_billing:enterprise (billed AI credits)",
		},
	} {
		held := access.Held{
			Scope: test.scope, Kind: credential.ClassicPAT, Grants: strings.Fields(test.held),
			Reads: access.Capabilities{Usage: ok, Users: ok, Seats: ok, Billing: test.billing},
		}
		if got := strings.Join(held.Surplus(), " "); got != test.surplus {
			t.Errorf("%s, %s: surplus %s", test.name, test.scope, got)
		}
		if got := bare(held.Enough()); got != test.left {
			t.Errorf("%s, %s: enough are %s", test.name, test.scope, got)
		}
		if got := bare(held.Replacement()); got != test.anew {
			t.Errorf("%s, %s: a replacement needs %s", test.name, test.scope, got)
		}
	}
}

// A scope that only reads accounts of the other kind is of no use here, but another connector may need it.
func TestWhichScopesAnotherConnectorMayNeed(t *testing.T) {
	t.Parallel()
	for held, want := range map[string]map[copilot.Scope]string{
		"read:enterprise read:org":                      {copilot.Organization: "read:enterprise", copilot.Enterprise: "read:org"},
		"manage_billing:copilot read:org":               {copilot.Enterprise: "read:org"},
		"admin:org manage_billing:enterprise repo user": {},
	} {
		for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
			h := access.Held{Scope: scope, Kind: credential.ClassicPAT, Grants: strings.Fields(held)}
			if got := strings.Join(h.Elsewhere(), " "); got != want[scope] {
				t.Errorf("%s on %s: %s", held, scope.Article(), got)
			}
		}
	}
}

func bare(needs access.Needs) string {
	_, list, _ := strings.Cut(strings.Replace(needs.String(), "the scopes ", "the scope ", 1), "the scope ")
	return list
}

func TestWhichRightsATokenLacks(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		scope copilot.Scope
		kind  credential.Kind
		held  []string
		lacks string
	}{
		{copilot.Organization, credential.ClassicPAT, []string{}, "usage users teams seats billing budgets"},
		{copilot.Organization, credential.ClassicPAT, []string{"manage_billing:copilot"}, "usage users teams"},
		{copilot.Organization, credential.ClassicPAT, []string{"copilot"}, "usage users teams"},
		{copilot.Organization, credential.ClassicPAT, []string{"write:org"}, "billing budgets"},
		{copilot.Organization, credential.ClassicPAT, []string{"admin:org"}, ""},
		{copilot.Organization, credential.ClassicPAT, []string{"read:enterprise"}, "usage users teams seats billing budgets"},
		{copilot.Organization, credential.FineGrainedPAT, nil, ""}, // GitHub does not list the permissions of such a token
		{copilot.Enterprise, credential.ClassicPAT, []string{"manage_billing:enterprise"}, "usage users teams seats"},
		{copilot.Enterprise, credential.ClassicPAT, []string{"manage_billing:copilot"}, "billing costCenters budgets"},
		{copilot.Enterprise, credential.ClassicPAT, []string{"admin:enterprise"}, ""},
		{copilot.Enterprise, credential.ClassicPAT, []string{"admin:org"}, "usage users teams seats billing costCenters budgets"},
		{copilot.Enterprise, credential.FineGrainedPAT, nil, ""}, // no row: a missing permission is not the reason
	} {
		var lacks []string
		for _, what := range access.All() {
			if (access.Held{Scope: test.scope, Kind: test.kind, Grants: test.held}).Lacks(what) {
				lacks = append(lacks, string(what))
			}
		}
		if got := strings.Join(lacks, " "); got != test.lacks {
			t.Errorf("%s with %q on %s lacks %s, want %s", test.kind, test.held, test.scope.Article(), got, test.lacks)
		}
	}
}

func TestATokenInThePlaceOfOneThatReadsTheBillMustReadItToo(t *testing.T) {
	t.Parallel()
	const org, bill = "read:org", "read:org manage_billing:copilot"
	for _, test := range []struct {
		kind  credential.Kind
		held  string
		reads access.Permitted
		want  bool
	}{
		{credential.ClassicPAT, bill, access.OK, true},
		{credential.ClassicPAT, org, access.OK, true}, // a token of another kind would need a permission for it
		{credential.ClassicPAT, bill, access.Unknown, true},
		{credential.ClassicPAT, bill, "", true},
		{credential.ClassicPAT, org, access.Unknown, false},
		{credential.ClassicPAT, bill, access.Denied, false},
		{credential.FineGrainedPAT, "", access.OK, true},
		{credential.FineGrainedPAT, "", access.Unknown, false},
	} {
		held := access.Held{Scope: copilot.Organization, Kind: test.kind, Reads: access.Capabilities{Billing: test.reads}}
		if test.kind == credential.ClassicPAT {
			held.Grants = strings.Fields(test.held)
		}
		if got := held.ReadsBill(); got != test.want {
			t.Errorf("%s with %q, bill %q: %t", test.kind, test.held, test.reads, got)
		}
	}
}
