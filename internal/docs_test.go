package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// read returns the text of the files that match a pattern, from the root of the project.
func read(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("..", pattern))
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s names no file: %v", pattern, err)
	}
	var all strings.Builder
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// block returns the lines of template.yaml below a key that is not indented.
func block(t *testing.T, key string) string {
	t.Helper()
	_, after, ok := strings.Cut(read(t, "template.yaml"), "\n"+key+":\n")
	if !ok {
		t.Fatalf("template.yaml has no %s", key)
	}
	if end := regexp.MustCompile(`(?m)^\w`).FindStringIndex(after); end != nil {
		after = after[:end[0]]
	}
	return after
}

var named = regexp.MustCompile(`(?m)^  (\w+):$`)

func TestEveryParameterOfTheTemplateIsInTheReadme(t *testing.T) {
	readme := read(t, "README.md")
	for _, match := range named.FindAllStringSubmatch(block(t, "Parameters"), -1) {
		if !strings.Contains(readme, "`"+match[1]+"`") {
			t.Errorf("README.md does not say what the parameter %s is for", match[1])
		}
	}
}

// The stack's output, the functions and CHANGELOG.md must name the same release.
func TestTheReleaseIsTheSameEverywhere(t *testing.T) {
	release := regexp.MustCompile(`const release = "([0-9.]+)"`).FindStringSubmatch(read(t, "internal/platform/version.go"))[1]
	newest := regexp.MustCompile(`(?m)^## (.+)$`).FindStringSubmatch(read(t, "CHANGELOG.md"))[1]
	output := regexp.MustCompile(`(?m)^  Version:\n.*\n    Value: (.+)$`).FindStringSubmatch(block(t, "Outputs"))[1]
	if newest != release || output != release {
		t.Errorf("the programs' release is %s, that of CHANGELOG.md %s, and that of the stack's output %s", release, newest, output)
	}
}

func TestEveryAlarmOfTheTemplateIsExplained(t *testing.T) {
	manual, alarms := read(t, "docs/OPERATIONS.md"), 0
	for _, match := range named.FindAllStringSubmatch(block(t, "Resources"), -1) {
		name, ok := strings.CutSuffix(match[1], "Alarm")
		if !ok {
			continue
		}
		alarms++
		if !strings.Contains(manual, "\n### "+name+"\n") {
			t.Errorf("docs/OPERATIONS.md does not say what to do about the alarm %s", name)
		}
		if !strings.Contains(read(t, "template.yaml"), "See docs/OPERATIONS.md, "+name+".\n") {
			t.Errorf("the alarm %s does not say where it is explained", name)
		}
	}
	if alarms == 0 {
		t.Error("no alarm was found in template.yaml")
	}
}

// finding is a check of Verify with its status and text, or a part of the text.
type finding struct{ check, status, words string }

func (f finding) quotes(whole finding) bool {
	return f.check == whole.check && f.status == whole.status && strings.Contains(whole.words, f.words)
}

// quoted returns the findings in docs/TROUBLES.md, one for each row.
func quoted(t *testing.T) []finding {
	t.Helper()
	_, table, _ := strings.Cut(read(t, "docs/TROUBLES.md"), "| what is missing |")
	_, table, _ = strings.Cut(table, "|---|---|---|\n")
	table = strings.TrimSuffix(table, "\n")
	row := regexp.MustCompile("^\\| .+ \\| `(\\w+)` (fails|warns|is skipped) \\| \"(.+)\" \\|$")
	status := map[string]string{"fails": "fail", "warns": "warn", "is skipped": "skip"}
	var rows []finding
	for line := range strings.SplitSeq(table, "\n") {
		match := row.FindStringSubmatch(line)
		if match == nil {
			t.Fatalf("docs/TROUBLES.md has a row without a quoted check: %s", line)
		}
		rows = append(rows, finding{match[1], status[match[2]], match[3]})
	}
	return rows
}

// told returns Verify's findings about the simulated accounts.
func told(t *testing.T) []finding {
	t.Helper()
	var findings []finding
	for _, match := range regexp.MustCompile(`(?m)^(\w+) +(\w+): .*\n +(.*)$`).
		FindAllStringSubmatch(read(t, "internal/adminapi/testdata/*.golden"), -1) {
		findings = append(findings, finding{match[2], match[1], match[3]})
	}
	return findings
}

func TestTheManualQuotesVerifysFindingsOfSimulatedAccounts(t *testing.T) {
	rows, findings := quoted(t), told(t)
	for _, row := range rows {
		if !slices.ContainsFunc(findings, row.quotes) {
			t.Errorf("docs/TROUBLES.md quotes a finding that no simulated account has: %+v", row)
		}
	}
	for _, found := range findings {
		if found.status == "fail" && !slices.ContainsFunc(rows, func(row finding) bool { return row.quotes(found) }) {
			t.Errorf("docs/TROUBLES.md has no row for this failure of a simulated account: %+v", found)
		}
	}
}

func TestEveryPathInTheGuideForDevelopersExists(t *testing.T) {
	t.Parallel()
	paths := regexp.MustCompile("`((?:internal|docs)(?:/[\\w.-]+)+|template\\.yaml|README\\.md)`").
		FindAllStringSubmatch(read(t, "docs/DEVELOPING.md"), -1)
	if len(paths) < 50 {
		t.Errorf("docs/DEVELOPING.md names only %d paths", len(paths))
	}
	for _, path := range paths {
		if _, err := os.Stat(filepath.Join("..", path[1])); err != nil {
			t.Errorf("docs/DEVELOPING.md names a path that does not exist: %v", err)
		}
	}
}
