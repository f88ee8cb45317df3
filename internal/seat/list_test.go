package seat_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
	"cloudmonitor.ai/copilot-connector/internal/seat"
)

func TestASeatIsListedWithTheReasonOfItsStatus(t *testing.T) {
	t.Parallel()
	seats := []seat.Seat{
		{
			UserID: person(1), Login: "ada", Organization: "acme", Team: "core", Plan: copilot.PlanBusiness, CreatedAt: daysAgo(400),
			LastActivityAt: daysAgo(1), LastActivityEditor: "vscode",
		},
		{Plan: copilot.PlanUnknown},
		{UserID: person(3), Login: "bo", Plan: copilot.PlanEnterprise, CreatedAt: daysAgo(400), PendingCancellation: dayOf("2026-12-01")},
	}
	view := seat.View{At: now, IdleAfterDays: 30, Reported: seat.Reported{LastUsed: func(id int64) (calendar.Date, bool) { return *dayOf("2026-11-19"), id == 3 }}}
	mustEqualJSON(t, `[
		{"userId":1,"login":"ada","organization":"acme","team":"core","plan":"business","monthlyCost":{"amount":"19.00","currency":"USD","estimated":true},
		 "createdAt":"2025-10-18T09:00:00Z","lastActivityAt":"2026-11-21T09:00:00Z","lastActivityEditor":"vscode","pendingCancellationDate":null,
		 "lastActiveDay":"2026-11-21","activityFrom":"seat","idleDays":null,"status":"active"},
		{"userId":null,"login":null,"organization":null,"team":null,"plan":"unknown","monthlyCost":null,
		 "createdAt":null,"lastActivityAt":null,"lastActivityEditor":null,"pendingCancellationDate":null,
		 "lastActiveDay":null,"activityFrom":null,"idleDays":null,"status":"unknown"},
		{"userId":3,"login":"bo","organization":null,"team":null,"plan":"enterprise","monthlyCost":{"amount":"39.00","currency":"USD","estimated":true},
		 "createdAt":"2025-10-18T09:00:00Z","lastActivityAt":null,"lastActivityEditor":null,"pendingCancellationDate":"2026-12-01",
		 "lastActiveDay":"2026-11-19","activityFrom":"usage","idleDays":2,"status":"pending_cancellation"}]`,
		view.Rows(seats, november))
	mustEqualJSON(t, `[]`, view.Rows(nil, november))
}

func TestSeatsAreFilteredAndSorted(t *testing.T) {
	t.Parallel()
	const b, e = copilot.PlanBusiness, copilot.PlanEnterprise
	rows := viewed(30, nil, false).Rows([]seat.Seat{
		{UserID: person(1), Login: "Zoe", Team: "core", Plan: b, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(70)},
		{UserID: person(2), Login: "adam", Team: "core", Plan: e, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(1)},
		{UserID: nil, Plan: b, CreatedAt: daysAgo(40)},
		{UserID: person(3), Login: "Bea", Team: "ops", Plan: copilot.PlanUnknown, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(60)},
		{UserID: person(4), Login: "ada", Plan: b, CreatedAt: daysAgo(400), LastActivityAt: daysAgo(60)},
		{UserID: person(6), Login: "twin", Plan: b, CreatedAt: daysAgo(5)},
		{UserID: person(5), Login: "twin", Plan: b, CreatedAt: daysAgo(5)},
	}, november)
	for name, test := range map[string]struct {
		list seat.List
		want []int64 // ids; 0 for a seat without a person
	}{
		"by login":                             {seat.List{}, []int64{4, 2, 3, 5, 6, 1, 0}},
		"in reverse order":                     {seat.List{Sort: "login", Descending: true}, []int64{1, 5, 6, 3, 2, 4, 0}},
		"by idle days":                         {seat.List{Sort: "idleDays"}, []int64{0, 4, 3, 1, 2, 5, 6}},
		"idle longest first":                   {seat.List{Sort: "idleDays", Descending: true}, []int64{1, 4, 3, 0, 2, 5, 6}},
		"highest cost first":                   {seat.List{Sort: "monthlyCost", Descending: true}, []int64{2, 4, 5, 6, 1, 0, 3}},
		"lowest cost first":                    {seat.List{Sort: "monthlyCost"}, []int64{4, 5, 6, 1, 0, 2, 3}},
		"by last day":                          {seat.List{Sort: "lastActiveDay"}, []int64{1, 4, 3, 2, 5, 6, 0}},
		"lately active first":                  {seat.List{Sort: "lastActiveDay", Descending: true}, []int64{2, 4, 3, 1, 5, 6, 0}},
		"of a status":                          {seat.List{Statuses: []seat.Status{seat.Idle}}, []int64{4, 3, 1}},
		"of a team":                            {seat.List{Team: "core"}, []int64{2, 1}},
		"of a team in other case":              {seat.List{Team: "CORE"}, []int64{2, 1}},
		"of an unknown team":                   {seat.List{Team: "cor"}, nil},
		"by part of a login":                   {seat.List{Login: "DA"}, []int64{4, 2}},
		"of a status and a team":               {seat.List{Statuses: []seat.Status{seat.Idle}, Team: "core"}, []int64{1}},
		"a seat without a person has no login": {seat.List{Login: "null"}, nil},
		"never used, by last days":             {seat.List{Statuses: []seat.Status{seat.NeverUsed}, Sort: "lastActiveDay"}, []int64{0}},
	} {
		var got []int64
		for _, row := range test.list.Of(rows) {
			if row.UserID == nil {
				got = append(got, 0)
			} else {
				got = append(got, *row.UserID)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		backwards := slices.Clone(rows)
		slices.Reverse(backwards)
		if diff := cmp.Diff(test.list.Of(rows), test.list.Of(backwards)); diff != "" {
			t.Errorf("%s depends on the order of the snapshot:\n%s", name, diff)
		}
	}
}
