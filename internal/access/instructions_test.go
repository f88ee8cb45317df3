package access_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

func TestInstructionsSayWhoMakesATokenWhereAndWithWhichRights(t *testing.T) {
	t.Parallel()
	organization := copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "octo"}
	enterprise := copilot.Account{Host: "octo.ghe.com", Scope: copilot.Enterprise, Slug: "octo-corp"}
	for _, test := range []struct {
		wanted access.Wanted
		want   string
	}{
		{access.Wanted{Account: organization}, "An owner of octo makes a new personal access token, to expire in 90 days or less, and pastes it here: " +
			"a classic one at https://github.com/settings/tokens/new with the scope read:org (usage and seats), " +
			"or a fine-grained one at https://github.com/settings/personal-access-tokens/new with octo as resource owner and " +
			`the organization permissions "Organization Copilot metrics: read" (usage) and "GitHub Copilot Business: read" (seats).`},
		{access.Wanted{Account: organization, Kind: credential.FineGrainedPAT, Billing: true, MaxDays: 30}, "An owner of octo makes a new personal access token, " +
			"to expire in at most 30 days, and pastes it here: a fine-grained one at https://github.com/settings/personal-access-tokens/new with octo as resource owner and " +
			`the organization permissions "Organization Copilot metrics: read" (usage), "GitHub Copilot Business: read" (seats) and "Administration: read" (billed AI credits).`},
		{access.Wanted{Account: enterprise, Kind: credential.ClassicPAT, MaxDays: 366}, "An owner or billing manager of octo-corp makes a new personal access token, " +
			"to expire in at most 366 days, better in 90 or less, and pastes it here: a classic one at https://octo.ghe.com/settings/tokens/new " +
			"with the scope read:enterprise (usage and seats). Fine-grained tokens cannot read an enterprise."},
		{access.Wanted{Account: enterprise, Billing: true}, "An owner or billing manager of octo-corp makes a new personal access token, " +
			"to expire in 90 days or less, and pastes it here: a classic one at https://octo.ghe.com/settings/tokens/new " +
			"with the scopes read:enterprise (usage and seats) and manage_billing:enterprise (billed AI credits). Fine-grained tokens cannot read an enterprise."},
	} {
		advice := test.wanted.Instructions()
		if advice.Words != test.want {
			t.Errorf("got  %s\nwant %s", advice.Words, test.want)
		}
		mustLinkAll(t, advice)
	}
}

// mustLinkAll checks that the links lead to exactly the addresses in the text.
func mustLinkAll(t *testing.T, advice access.Advice) {
	t.Helper()
	spoken := regexp.MustCompile(`https://[^\s,;)]+[^\s,;).:]`).FindAllString(advice.Words, -1)
	var linked []string
	for _, l := range advice.Links {
		if linked = append(linked, l.URL); l.Title == "" {
			t.Errorf("%s has no title", l.URL)
		}
	}
	slices.Sort(spoken)
	slices.Sort(linked)
	if !slices.Equal(slices.Compact(spoken), linked) {
		t.Errorf("the text has the addresses %q, the links lead to %q", spoken, linked)
	}
}

func TestAdviceKeepsEachLinkOnce(t *testing.T) {
	t.Parallel()
	page := access.Link{Title: "a page", URL: "https://github.com/settings/tokens"}
	first := access.Advise("Open %s.", page)
	advice := access.Together(" ", first, access.Advise("%s And again %s, %d times.", first, page, 2))
	if want := "Open https://github.com/settings/tokens. Open https://github.com/settings/tokens. And again https://github.com/settings/tokens, 2 times."; advice.String() != want {
		t.Errorf("the advice is %s", advice)
	}
	mustLinkAll(t, advice)
}

func TestInstructionsSayHowLongATokenMayLive(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]string{
		0: "90 days or less", 1: "at most 1 day", 2: "at most 2 days", 90: "at most 90 days", 91: "at most 91 days, better in 90 or less",
	} {
		words := access.Wanted{Account: copilot.Account{Host: "github.com", Scope: copilot.Organization, Slug: "octo"}, MaxDays: days}.Instructions().Words
		if !strings.Contains(words, ", to expire in "+want+", and pastes it here") {
			t.Errorf("%d days: %s", days, words)
		}
	}
}

func TestWhoseTokenReadsWhichData(t *testing.T) {
	t.Parallel()
	const organization, enterprise = copilot.Organization, copilot.Enterprise
	for _, test := range []struct {
		scope       copilot.Scope
		what        access.Capability
		giver, role string
		takes       string
	}{
		{
			organization, access.Usage, "owner", "View Organization Copilot Metrics",
			"a classic personal access token of an owner with the scope read:org, or a fine-grained personal access token of an owner with " +
				`the organization permission "Organization Copilot metrics: read"`,
		},
		{
			organization, access.Billing, "owner", "",
			"a classic personal access token of an owner with the scope manage_billing:copilot, which could also change seats, " +
				`or a fine-grained personal access token of an owner with the organization permission "Administration: read"`,
		},
		{
			enterprise, access.Usage, "owner or billing manager", "View Enterprise Copilot Metrics",
			"a classic personal access token of an owner or billing manager with the scope read:enterprise",
		},
		{
			enterprise, access.Billing, "owner or billing manager", "",
			"a classic personal access token of an owner or billing manager with the scope manage_billing:enterprise, which could also change billing",
		},
		{enterprise, "mail", "owner", "", ""},
	} {
		if of := access.GiverOf(test.scope, test.what); of.Who != test.giver || of.Role != test.role {
			t.Errorf("%s of an %s is read by %+v", test.what, test.scope, of)
		}
		if takes := access.Takes(test.scope, test.what); takes != test.takes {
			t.Errorf("%s of an %s takes %s", test.what, test.scope, takes)
		}
	}
}

// No permission helps if no credential of that kind can read such an account.
func TestAKindThatCannotReadAnAccountLacksAndNeedsNothing(t *testing.T) {
	t.Parallel()
	held := access.Held{Scope: copilot.Enterprise, Kind: credential.FineGrainedPAT, Grants: []string{"organization_administration"}}
	for _, what := range access.All() {
		if held.Lacks(what) {
			t.Errorf("the credential lacks %s, want nothing", what)
		}
	}
	if needed := access.Needed(copilot.Enterprise, credential.FineGrainedPAT, true); len(needed) != 0 {
		t.Errorf("the credential needs %s, want nothing", needed)
	}
}
