package page_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// The page fills in the scopes on GitHub's page for a new token. Package access decides which these are.
func TestThePageFillsInTheScopesThatAreNeeded(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("src/token.ts")
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		var names []string
		for _, what := range access.All() {
			right, ok := access.For(scope, credential.ClassicPAT, what)
			if !ok && scope == copilot.Organization && what == access.CostCenters {
				continue
			} else if !ok {
				t.Fatalf("no classic token reads %s of %s", what, scope.Article())
			}
			if !slices.Contains(names, right.Least.Name) {
				names = append(names, right.Least.Name)
			}
		}
		if want := `"` + strings.Join(names, ",") + `"`; !strings.Contains(string(source), want) {
			t.Errorf("src/token.ts does not fill in %s for %s", want, scope.Article())
		}
	}
}
