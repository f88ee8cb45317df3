package page_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	comment   = regexp.MustCompile(`(?s)/\*.*?\*/`)
	selectors = regexp.MustCompile(`([^{}]+)\{`)
	class     = regexp.MustCompile(`\.([a-z][\w-]*)`)
)

// Every class with a style must be used. A class name with a variable part, such as `figure-${size}`, is compared by its
// beginning.
func TestEveryStyleIsUsed(t *testing.T) {
	t.Parallel()
	for sheet, scripts := range map[string]string{"src/style.css": "src/*/*.tsx", "src/shell.css": "src/shell.ts"} {
		text, err := os.ReadFile(sheet)
		if err != nil {
			t.Fatal(err)
		}
		sources := markup(t, scripts)
		var styled []string
		for _, block := range selectors.FindAllStringSubmatch(comment.ReplaceAllString(string(text), ""), -1) {
			for _, name := range class.FindAllStringSubmatch(block[1], -1) {
				styled = append(styled, name[1])
			}
		}
		slices.Sort(styled)
		for _, name := range slices.Compact(styled) {
			given := regexp.MustCompile(`[\x60" ]` + regexp.QuoteMeta(name) + `[\x60" $]`).MatchString(sources)
			for i, letter := range name {
				given = given || letter == '-' && strings.Contains(sources, name[:i+1]+"${")
			}
			if !given {
				t.Errorf("%s has a style for .%s, which nothing uses", sheet, name)
			}
		}
	}
}

// markup returns the texts that use classes: the sources that match the pattern, the application and the document.
func markup(t *testing.T, pattern string) string {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	var all strings.Builder
	for _, path := range append(paths, "src/app.tsx", "index.html") {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}
