//go:build !race

package adminapi_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/githubsim"
	"cloudmonitor.ai/copilot-connector/internal/verify"
)

// testdata holds what an administrator reads for every simulated account. A person should read it in review.
func TestEveryScenarioTellsItsCauseAndRemedy(t *testing.T) {
	t.Parallel()
	for _, scenario := range githubsim.Scenarios(noon) {
		t.Run(scenario.Name, func(t *testing.T) {
			a := start(t)
			got := a.verify(form(scenario.Token, scenario.Scope, scenario.Slug))

			golden := filepath.Join("testdata", strings.NewReplacer(" ", "-", ",", "").Replace(scenario.Name)+".golden")
			isAsWritten(t, golden, got)
		})
	}
}

func TestEachCodeOfACheckIsDescribed(t *testing.T) {
	t.Parallel()
	openapi, err := os.ReadFile("openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, check, _ := strings.Cut(string(openapi), "\n    Check:\n")
	check, _, _ = strings.Cut(check, "\n    Link:\n")
	_, enum, _ := strings.Cut(check, "          enum:\n            - ")
	enum, _, _ = strings.Cut(enum, "\n        title:")
	listed := strings.Split(enum, "\n            - ")
	for _, code := range verify.Codes() {
		if !slices.Contains(listed, string(code)) || !strings.Contains(check, fmt.Sprintf("* `%s` - ", code)) {
			t.Errorf("openapi.yaml does not describe the code %s", code)
		}
	}
	if len(listed) != len(verify.Codes()) {
		t.Errorf("openapi.yaml lists %d codes, there are %d", len(listed), len(verify.Codes()))
	}
}
