package internal_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// read returns the text of the files that a pattern names, from the root of the project.
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

// block returns the lines of template.yaml below a key at the left margin.
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
		t.Error("there are no alarms")
	}
}

func TestVerifySaysWhatTheReadmeQuotes(t *testing.T) {
	said := read(t, "internal/adminapi/testdata/*.golden") + read(t, "internal/verify/*.go")
	_, table, _ := strings.Cut(read(t, "README.md"), "| what is missing |")
	table, _, _ = strings.Cut(table, "\n\n")
	quotes := regexp.MustCompile(`(?m)\| "(.*)" \|$`).FindAllStringSubmatch(table, -1)
	if len(quotes) < 10 {
		t.Errorf("README.md quotes only %d findings", len(quotes))
	}
	for _, quote := range quotes {
		if !strings.Contains(said, quote[1]) {
			t.Errorf("README.md quotes what Verify does not say: %s", quote[1])
		}
	}
}
