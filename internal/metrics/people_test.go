package metrics_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/metrics"
)

func TestTheOrderOfRowsAndPartsDoesNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		whole := crowdOf(mustRead(t, readPeople, ndjson(date, rows)))
		shuffled := rapid.Permutation(rows).Draw(t, "shuffled")
		var pieces [][]byte
		for len(shuffled) > 0 {
			n := rapid.IntRange(0, len(shuffled)).Draw(t, "rows of a part")
			pieces, shuffled = append(pieces, ndjson(date, shuffled[:n])), shuffled[n:]
		}
		if diff := cmp.Diff(whole, crowdOf(mustRead(t, readPeople, pieces...))); diff != "" {
			t.Errorf("in %d parts (-whole +parts):\n%s", len(pieces), diff)
		}
	})
}

func TestRowsAndPartsThatAreRepeatedCountOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		once := crowdOf(mustRead(t, readPeople, ndjson(date, rows)))
		part, again := ndjson(date, rows), ndjson(date, rapid.Permutation(append(rows, rows...)).Draw(t, "again"))
		if diff := cmp.Diff(once, crowdOf(mustRead(t, readPeople, part, again, part))); diff != "" {
			t.Errorf("(-once +repeated):\n%s", diff)
		}
	})
}

func TestPeopleAreCountedAsTheirRowsTell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := userRows.Draw(t, "rows")
		want := crowd{LastActive: map[int64]connector.Date{}}
		for id := range int64(lastID + 1) {
			var listed, engaged bool
			credits := int64(-1)
			for _, r := range rows {
				if r.ID != id {
					continue
				}
				listed = true
				for _, n := range []*int64{r.Interactions, r.Generated, r.Accepted} {
					engaged = engaged || n != nil && *n > 0
				}
				if r.Millicredits != nil {
					credits = max(credits, *r.Millicredits)
				}
			}
			if listed {
				want.Active++
				want.LastActive[id] = date
			}
			if engaged {
				want.Engaged++
			}
			if credits >= 0 {
				if want.Credits == nil {
					want.Credits = new(metrics.Credits)
				}
				*want.Credits += metrics.Credits(credits * 1000)
			}
		}
		if diff := cmp.Diff(want, crowdOf(mustRead(t, readPeople, ndjson(date, rows)))); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

// merged reads each day's rows anew, since Merge changes what it is called on.
func merged(t *rapid.T, perDay [][]row64, order []int) *metrics.People {
	all := &metrics.People{}
	for _, i := range order {
		day := date + connector.Date(i)
		people, err := readPeopleOf(day, ndjson(day, perDay[i]))
		if err != nil {
			t.Fatal(err)
		}
		all.Merge(people)
	}
	return all
}

func TestPeopleOfSeveralDaysMergeInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perDay := rapid.SliceOfN(userRows, 1, 5).Draw(t, "days")
		inOrder := make([]int, len(perDay))
		for i := range inOrder {
			inOrder[i] = i
		}
		want := crowdOf(merged(t, perDay, inOrder))
		shuffled := rapid.Permutation(inOrder).Draw(t, "shuffled")
		if diff := cmp.Diff(want, crowdOf(merged(t, perDay, shuffled))); diff != "" {
			t.Errorf("in another order (-want +got):\n%s", diff)
		}
		cut := rapid.IntRange(0, len(perDay)).Draw(t, "cut")
		grouped := merged(t, perDay, inOrder[:cut])
		grouped.Merge(merged(t, perDay, inOrder[cut:]))
		if diff := cmp.Diff(want, crowdOf(grouped)); diff != "" {
			t.Errorf("in groups (-want +got):\n%s", diff)
		}
	})
}

func TestAPersonOfSeveralDaysCountsOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perDay := rapid.SliceOfN(userRows, 1, 5).Draw(t, "days")
		all := &metrics.People{}
		var sum, most, engagedSum, engagedMost int64
		for i := range perDay {
			day := merged(t, perDay, []int{i})
			sum, most = sum+day.Active(), max(most, day.Active())
			engagedSum, engagedMost = engagedSum+day.Engaged(), max(engagedMost, day.Engaged())
			all.Merge(day)
		}
		if n := all.Active(); n > sum || n < most {
			t.Errorf("%d people, of days with %d together and %d at most", n, sum, most)
		}
		if n := all.Engaged(); n > engagedSum || n < engagedMost || n > all.Active() {
			t.Errorf("%d engaged, of days with %d together and %d at most", n, engagedSum, engagedMost)
		}
	})
}

func TestMergingTheSamePeopleAgainAddsNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perDay := rapid.SliceOfN(userRows, 1, 5).Draw(t, "days")
		order := make([]int, len(perDay))
		for i := range order {
			order[i] = i
		}
		once, twice := crowdOf(merged(t, perDay, order)), crowdOf(merged(t, perDay, slices.Concat(order, order)))
		once.Credits, twice.Credits = nil, nil // credits are amounts: those of another day come on top
		if diff := cmp.Diff(once, twice); diff != "" {
			t.Errorf("(-once +twice):\n%s", diff)
		}
	})
}

func TestMergingLeavesTheOtherPeopleAlone(t *testing.T) {
	one, other := mustRead(t, readPeople, userRow(1, `"ai_credits_used":1`)), mustRead(t, readPeople, userRow(2, `"ai_credits_used":2`))
	before := crowdOf(other)
	one.Merge(other)
	other.Merge(&metrics.People{})
	one.Merge(mustRead(t, readPeople, userRow(3, `"ai_credits_used":4`)))
	if diff := cmp.Diff(before, crowdOf(other)); diff != "" {
		t.Errorf("(-before +after):\n%s", diff)
	}
	if got := one.Credits().Float(); got != 7 {
		t.Errorf("together they used %v credits", got)
	}
}
