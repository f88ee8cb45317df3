package metrics_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
)

// member is a field of an object somewhere in a report: its text from the quote before its name to the end of its value.
type member struct {
	name       string
	start, end int
}

// membersOf lists the fields of every object of a report, at every depth.
func membersOf(t *testing.T, report []byte) (members []member) {
	t.Helper()
	dec := jsontext.NewDecoder(bytes.NewReader(report))
	var open []int // the fields whose values are being read
	closed := func() {
		if kind, n := dec.StackIndex(dec.StackDepth()); kind == '{' && n%2 == 0 && n > 0 {
			last := len(open) - 1
			members[open[last]].end = int(dec.InputOffset())
			open = open[:last]
		}
	}
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return members
		}
		kind, n := dec.StackIndex(dec.StackDepth())
		switch {
		case kind == '{' && n%2 == 1 && token.Kind() == '"':
			end := int(dec.InputOffset())
			open = append(open, len(members))
			members = append(members, member{name: token.String(), start: end - len(token.String()) - 2})
		case token.Kind() != '{' && token.Kind() != '[':
			closed()
		}
	}
}

// with returns the report with a field of that name added before an existing one.
func with(report []byte, at member, name string) []byte {
	value := report[at.start+len(at.name)+2 : at.end]
	return slices.Concat(report[:at.start], []byte(`"`+name+`"`), value, []byte(","), report[at.start:])
}

// A decoder does not show which of two fields with the same name it takes. A report with one of the fields twice is therefore
// refused.
func TestARepeatedFieldIsRefusedAtEveryDepth(t *testing.T) {
	t.Parallel()
	report := bytes.TrimSpace(testdata(t, "busy.usage.ndjson"))
	members := membersOf(t, report)
	if len(members) < 100 {
		t.Fatalf("only %d fields are found", len(members))
	}
	for _, m := range members {
		_, err := readUsage(with(report, m, m.name))
		mustBeBroken(t, err, "read usage report of ", "it repeats a field at byte ")
		_, err = readUsage(with(report, m, disguised(m.name)))
		mustBeBroken(t, err, "read usage report of ", "it repeats a field at byte ")
	}
}

func TestARepeatedFieldOfARowIsRefused(t *testing.T) {
	t.Parallel()
	row, _, _ := bytes.Cut(testdata(t, "busy.users.1.ndjson"), []byte("\n"))
	want := everybody(t, mustRead(t, readRoster, row))
	refused := map[string]bool{}
	for _, m := range membersOf(t, row) {
		for _, name := range []string{m.name, disguised(m.name)} {
			roster, err := readRoster(with(row, m, name))
			if err != nil {
				mustBeBroken(t, err, "read per-user report of ", "it repeats "+m.name)
				refused[m.name] = true
				continue
			}
			if diff := cmp.Diff(want, everybody(t, roster)); diff != "" {
				t.Errorf("%s twice (-want +got):\n%s", m.name, diff)
			}
		}
	}
	for _, name := range []string{"user_id", "user_login", "day", "ai_credits_used", "totals_by_feature", "feature", "code_generation_activity_count"} {
		if !refused[name] {
			t.Errorf("%s is accepted twice, or is not in the row", name)
		}
	}
}

func TestAFieldWithAnotherSpellingIsIgnoredAtEveryDepth(t *testing.T) {
	t.Parallel()
	report := bytes.TrimSpace(testdata(t, "busy.usage.ndjson"))
	want := mustRead(t, readUsage, report)
	for _, m := range membersOf(t, report) {
		for _, name := range []string{strings.ToUpper(m.name), strings.ReplaceAll(m.name, "s", "\u017f"), strings.ReplaceAll(m.name, "_", "-")} {
			if name == m.name {
				continue
			}
			if diff := cmp.Diff(want, mustRead(t, readUsage, with(report, m, name))); diff != "" {
				t.Errorf("%q beside %q (-want +got):\n%s", name, m.name, diff)
			}
		}
	}
}

// disguised writes a name with escapes.
func disguised(name string) string {
	quoted, _ := json.Marshal(name)
	return strings.ReplaceAll(string(quoted[1:len(quoted)-1]), "_", `\u005f`)
}
