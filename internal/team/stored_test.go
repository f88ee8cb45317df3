package team_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/team"
)

// TestDamagedSumsAreRefused cuts and damages a stored form at each place.
func TestDamagedSumsAreRefused(t *testing.T) {
	t.Parallel()
	sums := &team.Sums{Teams: map[string]*team.Sum{
		"core": {Active: 3, Told: 3, Suggested: 300, Credits: team.Parts{{Teams: 1, Credits: 5}, {Teams: 2, Credits: 7}}}, "a-team-with-a-long-name": {Active: 1},
	}}
	text := sums.Bytes()
	read, err := team.ReadSums(text)
	if diff := cmp.Diff(sums, read); err != nil || diff != "" {
		t.Fatalf("%v (-stored +read):\n%s", err, diff)
	}
	for end := range text {
		if _, err := team.ReadSums(text[:end]); err == nil {
			t.Errorf("the first %d bytes are accepted", end)
		}
	}
	for i := range text {
		damaged := bytes.Clone(text)
		damaged[i] |= 0x80            // the number goes on in the next byte
		_, _ = team.ReadSums(damaged) // must not panic
	}
}

func TestCreditsThatAreAddedChangeNoOtherTeam(t *testing.T) {
	t.Parallel()
	first := &team.Sums{Teams: map[string]*team.Sum{
		"a": {Active: 1, Credits: team.Parts{{Teams: 2, Credits: 5}}}, "b": {Active: 1, Credits: team.Parts{{Teams: 2, Credits: 7}}},
	}}
	read, err := team.ReadSums(first.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	read.Teams["a"].Add(&team.Sum{Credits: team.Parts{{Teams: 1, Credits: 1}, {Teams: 3, Credits: 2}}})
	want := team.Parts{{Teams: 1, Credits: 1}, {Teams: 2, Credits: 5}, {Teams: 3, Credits: 2}}
	if diff := cmp.Diff(want, read.Teams["a"].Credits); diff != "" {
		t.Errorf("a (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(first.Teams["b"].Credits, read.Teams["b"].Credits); diff != "" {
		t.Errorf("b (-want +got):\n%s", diff)
	}
}
