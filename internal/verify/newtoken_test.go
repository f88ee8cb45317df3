package verify_test

import (
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// A token that is to take the place of one that reads the bill is told the right for it with the others.
func TestATokenThatLacksItsRightsIsToldThatOfTheBillIfItIsNeeded(t *testing.T) {
	t.Parallel()
	account := octo()
	account.Tokens[0].Scopes, account.Tokens[1].Permissions = []string{}, nil
	w := newWorld(t, account)
	for _, test := range []struct {
		token   string
		billing bool
		says    string
	}{
		{classic, false, "tick read:org and press"},
		{classic, true, "tick read:org and manage_billing:copilot and press"},
		{fineGrained, false, `set "Organization Copilot metrics: read" (usage) and "GitHub Copilot Business: read" (seats); an owner`},
		{fineGrained, true, `set "Organization Copilot metrics: read" (usage), "GitHub Copilot Business: read" (seats) and "Administration: read" (billed AI credits); an owner`},
	} {
		asked := request(copilot.Organization, "octo", test.token)
		asked.Billing = test.billing
		if got := *check(t, w.verifier.Verify(t.Context(), asked), verify.CheckPermission).Remedy; !strings.Contains(got, test.says) {
			t.Errorf("billing %t: %s does not say %s", test.billing, got, test.says)
		}
	}
}
