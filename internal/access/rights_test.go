package access

import (
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// openers lists what else gives the right: other scopes that open the same, and scopes that contain one of these.
func (r Right) openers() (ids []string) {
	for _, g := range r.Also {
		ids = append(ids, g.id())
	}
	for _, container := range slices.Sorted(maps.Keys(contains)) {
		if r.openedBy([]string{container}) {
			ids = append(ids, container)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// row returns the right as a row of the README's table.
func (r Right) row() string {
	code := func(id string) string {
		if r.Least.Of == "" {
			return "`" + id + "`"
		}
		return "**" + named(id).Name + "**: read"
	}
	var openers []string
	for _, id := range r.openers() {
		openers = append(openers, code(id))
	}
	of := "an " + r.Of.Who
	if r.Of.Role != "" {
		of += fmt.Sprintf(", or a role with %q", r.Of.Role)
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s | [%s](%s) |", r.Scope, kindName(r.Kind), And(purposes(r.Reads)), code(r.Least.id()),
		strings.Join(openers, ", "), of, r.Page[strings.LastIndex(r.Page, "/")+1:], r.Page)
}

func kindName(kind credential.Kind) string {
	if kind == credential.GitHubApp {
		return "GitHub App"
	}
	return formOf(kind).name
}

func TestTheREADMEShowsTheTable(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	rows := []string{"| account | token | reads | needs at least | opened too by | made by | GitHub's page |", "|---|---|---|---|---|---|---|"}
	for _, r := range Rights {
		rows = append(rows, r.row())
	}
	if table := strings.Join(rows, "\n") + "\n\n"; !strings.Contains(string(readme), table) {
		t.Errorf("README.md does not have the table of rights, which is now:\n%s", table)
	}
}

// The stack's own App is installed by organizations and by enterprises, so it asks for what any App needs on either.
func TestTheGuideListsThePermissionsOfTheStacksApp(t *testing.T) {
	t.Parallel()
	guide, err := os.ReadFile("../../docs/OPERATIONS.md")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(strings.Join(strings.Fields(string(guide)), " "), "permissions, all *read*: ")
	list, forbidden, _ := strings.Cut(after, " Never give it ")
	var named []string
	for _, match := range regexp.MustCompile(`\*([^*]+)\*`).FindAllStringSubmatch(list, -1) {
		named = append(named, match[1])
	}
	want := []string{MembersGrant.Name}
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		for _, need := range Needed(scope, credential.GitHubApp, true) {
			want = append(want, need.Name)
		}
	}
	slices.Sort(named)
	slices.Sort(want)
	if !slices.Equal(named, want) {
		t.Errorf("docs/OPERATIONS.md names the permissions %q, want %q", named, want)
	}
	if !strings.HasPrefix(forbidden, "*"+records.Name+"*.") {
		t.Errorf("docs/OPERATIONS.md does not forbid %s", records.Name)
	}
}

func TestEachKindOfDataHasOneRow(t *testing.T) {
	t.Parallel()
	for _, scope := range []copilot.Scope{copilot.Organization, copilot.Enterprise} {
		for _, kind := range []credential.Kind{credential.ClassicPAT, credential.FineGrainedPAT, credential.GitHubApp} {
			for _, what := range All() {
				n := 0
				for _, r := range Rights {
					if r.Scope == scope && r.Kind == kind && slices.Contains(r.Reads, what) {
						n++
					}
				}
				want := 1
				if scope == copilot.Enterprise && kind == credential.FineGrainedPAT || scope == copilot.Organization && what == CostCenters {
					want = 0
				}
				if n != want {
					t.Errorf("%d rows name the right to read %s with a %s of an %s", n, what, kind, scope)
				}
			}
		}
	}
}
