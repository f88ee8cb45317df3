package feature_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/feature"
)

func TestUsesAddUpByName(t *testing.T) {
	t.Parallel()
	var range_, day feature.Uses
	if range_.List() != nil {
		t.Error("the zero Uses counts as reported")
	}
	day.Reported()
	range_.AddAll(&day)
	if list := range_.List(); list == nil || len(list) != 0 {
		t.Errorf("a report without features gives %v", list)
	}
	for _, rows := range []map[string]int64{
		{"code_completion": 0, "chat_inline": 3, "agent_of_tomorrow": 1},
		{"chat_inline": 4, "agent_of_tomorrow": 9, "copilot_cli": -1},
		{"copilot_cli": 5, "": 2, "code_completion": 0},
	} {
		day.Clear()
		for name, n := range rows {
			day.Add([]byte(name), n)
		}
		range_.AddAll(&day)
	}
	want := []feature.Use{
		{Name: "agent_of_tomorrow", Interactions: new(int64(10))},
		{Name: "chat_inline", Interactions: new(int64(7))},
		{Name: "unknown", Interactions: new(int64(2))},
		{Name: "code_completion", Interactions: new(int64(0))},
		{Name: "copilot_cli"},
	}
	if diff := cmp.Diff(want, range_.List()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// Names that GitHub does not document are kept up to a limit. Further names are added up, so no use is lost.
func TestUsesAreBounded(t *testing.T) {
	t.Parallel()
	var uses feature.Uses
	for i := range int64(100) {
		uses.Add(fmt.Appendf(nil, "feature-%d", i), 1)
	}
	uses.Add([]byte(strings.Repeat("x", 65)), 1)
	uses.Add([]byte("\xff"), 1)
	sum, others := int64(0), int64(0)
	for _, use := range uses.List() {
		sum += *use.Interactions
		if use.Name == "others" {
			others = *use.Interactions
		}
	}
	if sum != 102 || others != 70 {
		t.Errorf("%d uses, %d of others", sum, others)
	}
	stored := uses.Append(nil)
	var back feature.Uses
	if rest, ok := back.Read(append(stored, "ada"...)); !ok || string(rest) != "ada" || !back.Equal(uses) {
		t.Errorf("%v, %t, rest %q", back.List(), ok, rest)
	}
	uses.Add([]byte("feature-1"), math.MaxInt32*1000)
	if uses.Believable() {
		t.Error("an impossible count is accepted")
	}
}
