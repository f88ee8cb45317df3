package lambdatest

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

var allowedAction = regexp.MustCompile(`^- ([a-z]+:[A-Za-z]+)$`)

// allowedBy lists the actions that a role of template.yaml allows: the lines of its statements, for a statement's
// Resource comes behind its actions.
func allowedBy(t *testing.T, role string) []string {
	t.Helper()
	template, err := os.ReadFile("../../template.yaml")
	if err != nil {
		t.Fatal(err)
	}
	_, after, ok := strings.Cut(string(template), "\n  "+role+":\n")
	if !ok {
		t.Fatalf("template.yaml has no %s", role)
	}
	resource, _, _ := strings.Cut(after, "\n\n")
	var all, statement []string
	for line := range strings.Lines(resource) {
		line = strings.TrimSpace(line)
		if match := allowedAction.FindStringSubmatch(line); match != nil {
			statement = append(statement, match[1])
		} else if resource, ok := strings.CutPrefix(line, "Resource:"); ok {
			for _, action := range statement {
				if strings.Contains(resource, "/index/") {
					action += onIndex
				}
				all = append(all, action)
			}
			statement = nil
		}
	}
	return all
}
