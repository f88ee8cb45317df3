package metrics_test

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/metrics"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// stored has all parts of a roster that are stored.
type stored struct {
	Hash   string
	Pages  [][]byte
	Totals metrics.UserTotals
}

func storedOf(r *metrics.Roster) stored { return stored{r.ContentHash(), r.Dump(), r.Totals()} }

func TestTheOrderOfRowsAndPartsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		whole := storedOf(mustRead(t, readRoster, ndjson(date, rows)))
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		var pieces [][]byte
		for len(shuffled) > 0 {
			n := rapid.IntRange(0, len(shuffled)).Draw(t, "rows of a part")
			pieces, shuffled = append(pieces, ndjson(date, shuffled[:n])), shuffled[n:]
		}
		if diff := cmp.Diff(whole, storedOf(mustRead(t, readRoster, pieces...))); diff != "" {
			t.Errorf("in %d parts (-whole +parts):\n%s", len(pieces), diff)
		}
	})
}

func TestRepeatedRowsAndPartsCountOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		once := storedOf(mustRead(t, readRoster, ndjson(date, rows)))
		part, again := ndjson(date, rows), ndjson(date, rapid.Permutation(append(rows, rows...)).Draw(t, "again"))
		if diff := cmp.Diff(once, storedOf(mustRead(t, readRoster, part, again, part))); diff != "" {
			t.Errorf("(-once +repeated):\n%s", diff)
		}
	})
}

func TestPeopleAreCountedByTheirRows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		var want []metrics.UserDay
		var totals metrics.UserTotals
		for id := range int64(lastID + 1) {
			u := metrics.UserDay{UserID: id, Suggested: metrics.Untold, Accepted: metrics.Untold, LinesAccepted: metrics.Untold, Interactions: metrics.Untold, Credits: metrics.Untold}
			listed := false
			for _, r := range rows {
				if r.ID != id {
					continue
				}
				listed = true
				row := r.userDay()
				u.Login, u.Engaged = max(u.Login, row.Login), u.Engaged || row.Engaged
				u.Suggested, u.Accepted, u.LinesAccepted = max(u.Suggested, row.Suggested), max(u.Accepted, row.Accepted), max(u.LinesAccepted, row.LinesAccepted)
				u.Interactions, u.Credits = max(u.Interactions, row.Interactions), max(u.Credits, row.Credits)
				u.Features.Merge(&row.Features)
			}
			if !listed {
				continue
			}
			want = append(want, u)
			totals.Active++
			if u.Engaged {
				totals.Engaged++
			}
			if u.Credits != metrics.Untold {
				totals.Credits = new(orNone(totals.Credits) + u.Credits)
			}
		}
		roster := mustRead(t, readRoster, ndjson(date, rows))
		if diff := cmp.Diff(want, everybody(t, roster)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(totals, roster.Totals()); diff != "" {
			t.Errorf("together (-want +got):\n%s", diff)
		}
	})
}

var userDays = rapid.Custom(func(t *rapid.T) metrics.UserDay {
	counts := rapid.Int64Range(metrics.Untold, 1_000_000_000_000)
	n := func(name string) metrics.Count { return metrics.Count(counts.Draw(t, name)) }
	u := metrics.UserDay{
		UserID:    rapid.Int64Range(1, math.MaxInt64).Draw(t, "id"),
		Login:     rapid.StringMatching(`[a-zA-Z0-9-]{0,39}(_[a-z]{3,8})?`).Draw(t, "login"),
		Engaged:   rapid.Bool().Draw(t, "engaged"),
		Suggested: n("suggested"), Accepted: n("accepted"), LinesAccepted: n("lines accepted"), Interactions: n("interactions"),
		Credits: metrics.Credits(counts.Draw(t, "credits")),
	}
	for range rapid.IntRange(0, 4).Draw(t, "features") {
		name := rapid.SampledFrom([]string{"code_completion", "chat_inline", "others", "agent_of_tomorrow", "", strings.Repeat("x", 65)}).Draw(t, "feature")
		u.Features.Add([]byte(name), rapid.Int64Range(-1, 1000).Draw(t, "uses"))
	}
	return u
})

func TestThePagesHoldThePeopleAdded(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := rapid.SliceOfNDistinct(userDays, 0, 50, func(u metrics.UserDay) int64 { return u.UserID }).Draw(t, "people")
		roster := rosterOf(t, in)
		out := everybody(t, roster)
		if diff := cmp.Diff(storedOf(roster), storedOf(rosterOf(t, out))); diff != "" {
			t.Errorf("put in again (-want +got):\n%s", diff)
		}
		byID := map[int64]metrics.UserDay{}
		for _, u := range in {
			byID[u.UserID] = u
		}
		for _, u := range out {
			if diff := cmp.Diff(byID[u.UserID], u); diff != "" {
				t.Errorf("(-in +out):\n%s", diff)
			}
		}
		if len(in) != len(out) {
			t.Errorf("%d people in, %d out", len(in), len(out))
		}
	})
}

func rosterOf(t rapid.TB, people []metrics.UserDay) *metrics.Roster {
	t.Helper()
	roster := new(metrics.Roster)
	for i := range people {
		if err := roster.Add(&people[i]); err != nil {
			t.Fatal(err)
		}
	}
	return roster
}

func TestEachPersonIsOnThePageOfTheirHash(t *testing.T) {
	for _, test := range []struct{ people, pages int }{{0, 1}, {1, 1}, {384, 1}, {385, 2}, {10_000, 32}, {100_000, 512}} {
		var roster metrics.Roster
		for i := range test.people {
			if err := roster.Add(&metrics.UserDay{UserID: int64(41_000_001 + 7*i), Login: fmt.Sprint("octo-dev-", i)}); err != nil {
				t.Fatal(err)
			}
		}
		pages, _ := roster.Pages()
		if len(pages) != test.pages {
			t.Errorf("%d people are on %d pages, want %d", test.people, len(pages), test.pages)
		}
		last, people := uint64(0), 0
		for i, page := range pages {
			before := people
			for _, u := range readPage(t, page) {
				if at := shard.Page(shard.Hash(u.UserID), len(pages)); at != i {
					t.Fatalf("person %d is on page %d of %d, want %d", u.UserID, i, len(pages), at)
				}
				if hash := shard.Hash(u.UserID); hash <= last {
					t.Fatalf("person %d is not in the order of hashes", u.UserID)
				} else {
					last = hash
				}
				people++
			}
			if n := people - before; n > 384 {
				t.Errorf("%d people on a page", n)
			}
		}
		if people != test.people {
			t.Errorf("%d people on the pages of %d", people, test.people)
		}
	}
}

func TestTheStoredFormOfPeopleIsStable(t *testing.T) {
	page := []byte("\x25" + "\xaa\xb4\xde\x75" + "\x08" + "\x02" + "\x01" + "\x00" + "\xc0\x9a\x0c" + "\x15\x00\x0c" + "ada-k")
	want := []metrics.UserDay{{UserID: 123456789, Login: "ada-k", Engaged: true, Suggested: 4, Accepted: 1, LinesAccepted: metrics.Untold, Interactions: 0, Credits: 100_000}}
	want[0].Features.Add([]byte("code_completion"), 0)
	want[0].Features.Add([]byte("chat_panel_ask_mode"), 6)
	if diff := cmp.Diff(want, readPage(t, page)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got, _ := rosterOf(t, want).Pages(); !cmp.Equal(got, [][]byte{page}) {
		t.Errorf("the person is stored as %q", got)
	}
}

func TestARosterHasAMaximumOfPeople(t *testing.T) {
	var roster metrics.Roster
	for id := int64(1); id <= metrics.MaxPeople; id++ {
		if err := roster.Add(&metrics.UserDay{UserID: id}); err != nil {
			t.Fatal(err)
		}
	}
	if pages := len(roster.Dump()) / 2; pages != 2048 {
		t.Errorf("the people are on %d pages", pages)
	}
	if err := roster.Add(&metrics.UserDay{UserID: 1, Engaged: true}); err != nil {
		t.Errorf("a person who is already in the roster: %v", err)
	}
	if err := roster.Add(&metrics.UserDay{UserID: metrics.MaxPeople + 1}); err == nil {
		t.Error("the roster accepts one person more")
	}
}

func TestIDsChosenForEqualHashesAreRefused(t *testing.T) {
	var roster metrics.Roster
	n := 0
	for low := uint64(1); ; low++ {
		id := unhash(0x7ff<<53 | low)
		if id <= 0 {
			continue
		}
		if err := roster.Add(&metrics.UserDay{UserID: id}); err != nil {
			break
		}
		if n++; n > 1000 {
			t.Fatalf("%d people share the first bits of their hashes", n)
		}
	}
}

// unhash is the inverse of HashOf.
func unhash(h uint64) int64 {
	h ^= h>>31 ^ h>>62
	h *= 0x319642b2d24d8ec3
	h ^= h>>27 ^ h>>54
	h *= 0x96de1b173f119089
	return int64(h ^ h>>30 ^ h>>60) //nolint:gosec // as it was
}

func TestADamagedPageIsRefused(t *testing.T) {
	good := rosterOf(t, []metrics.UserDay{{UserID: 1 << 40, Login: "ada-k", Credits: 1, Suggested: 300}}).Dump()[0]
	varint := func(n int64) string { return string(binary.AppendVarint(nil, n)) }
	person := func(id, fields string) string { return varint(int64(len(id+fields))) + id + fields }
	const numbers = "\x01\x01\x01\x01\x01"
	tests := map[string]string{
		"without end":                             varint(math.MaxInt64) + "\x01",
		"longer than numbers":                     varint(math.MinInt64) + "\x01",
		"empty":                                   "\x00",
		"nobody's":                                person("\x00", numbers+"\x00"),
		"an id beyond 64 bits":                    person(strings.Repeat("\xff", 9)+"\x03", numbers+"\x00"),
		"an impossible count":                     person("\x02", "\x01\x01\x01"+varint(1_000_000_000_001)+"\x01\x00"),
		"a negative count":                        person("\x02", "\x01\x01\x01\x03\x01\x00"),
		"a count too few":                         person("\x02", "\x01\x01\x01\x01\x00"),
		"impossible credits":                      person("\x02", "\x01\x01\x01\x01"+varint(1_000_000_000_001)+"\x00"),
		"a login too long":                        person("\x02", numbers+"\x00"+strings.Repeat("x", 101)),
		"a login not in UTF-8":                    person("\x02", numbers+"\x00\xff"),
		"features, but the report has none":       person("\x02", numbers+"\x04\x00"),
		"a feature too few":                       person("\x02", numbers+"\x0d\x00"),
		"an unknown feature":                      person("\x02", numbers+"\x81\x80\x01\x00"),
		"an impossible use":                       person("\x02", numbers+"\x05"+varint(1_000_000_000_001)),
		"a negative use":                          person("\x02", numbers+"\x05\x03"),
		"no other feature where one is announced": person("\x02", numbers+"\x03\x00"),
		"another feature that is cut":             person("\x02", numbers+"\x03\x01\x02a"),
		"another feature without a name":          person("\x02", numbers+"\x03\x01\x00\x02"),
		"another feature not in UTF-8":            person("\x02", numbers+"\x03\x01\x01\xff\x02"),
		"another feature twice":                   person("\x02", numbers+"\x03\x02\x01a\x02\x01a\x02"),
	}
	for _, fields := range []string{numbers + "\x00", numbers + "\x05\x04ada", numbers + "\x03\x01\x01a\x02ada"} {
		if got := readPage(t, []byte(person("\x02", fields))); len(got) != 1 {
			t.Errorf("the undamaged page is read as %v", got)
		}
	}
	for cut := 1; cut < len(good); cut++ {
		tests[fmt.Sprint("cut at byte ", cut)] = string(good[:cut])
	}
	for name, page := range tests {
		if err := metrics.ReadPage([]byte(page), func(*metrics.UserDay) error { return nil }); err == nil {
			t.Errorf("%s: the page is accepted", name)
		}
	}
}
