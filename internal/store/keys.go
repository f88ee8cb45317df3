package store

import (
	"fmt"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/audit"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/connector"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// The partition of a tenant has its connectors and their accounts. All that a connector has collected is in a partition of its own,
// so that one range purges it. After a '#' come only dates, ids, hashes in hex and numbers with leading zeros. None of
// these contains a '#' or a '~'.

func tenantPartition(tenant string) string { return "tenant#" + tenant }

func partition(ref connector.Ref) string { return "connector#" + ref.Tenant + "/" + ref.ID }

func connectorKey(ref connector.Ref) Key {
	return Key{tenantPartition(ref.Tenant), "connector#" + ref.ID}
}

// connectorsRange has the connectors of a tenant after an id. A space sorts before every character of an id.
func connectorsRange(tenant, after string) Range {
	return Range{Partition: tenantPartition(tenant), From: "connector#" + after + " ", To: "connector#~"}
}

// accountKey makes the account unique in the tenant. GitHub compares slugs in any letter case.
func accountKey(tenant string, p connector.Provider, a copilot.Account) Key {
	return Key{tenantPartition(tenant), fmt.Sprintf("account#%s#%s#%s#%s", p, a.Host, a.Scope, strings.ToLower(a.Slug))}
}

func invitationsKey(tenant string) Key { return Key{tenantPartition(tenant), "invitations"} }

// dueIndex lists every connector in every phase.
const dueIndex = "due"

// endlessMark ends the entry of a connector with an endless credential, so that a poll knows them without reading all connectors.
const endlessMark = "/endless"

func dueSort(d connector.Due) string {
	sort := d.Tenant + "/" + d.ID
	if d.Endless {
		sort += endlessMark
	}
	return sort
}

// afterDue is the place behind both entries that a connector can have. Its credential may change while all are listed.
func afterDue(ref connector.Ref) string { return dueSort(connector.Due{Ref: ref, Endless: true}) }

func dueOf(sort string) (d connector.Due, ok bool) {
	sort, d.Endless = strings.CutSuffix(sort, endlessMark)
	d.Tenant, d.ID, ok = strings.Cut(sort, "/")
	return d, ok
}

func leaseKey(ref connector.Ref) Key { return Key{partition(ref), "lease"} }

const dayPrefix = "day#"

func dayKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), dayPrefix + date.String()}
}

// daysRange has the days of a range and nothing else.
func daysRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: dayPrefix + days.From.String(), To: dayPrefix + days.To.String()}
}

func peopleKey(ref connector.Ref, date calendar.Date, hash string, part int) Key {
	return Key{partition(ref), fmt.Sprintf("%s%04d", peoplePrefix(date, hash), part)}
}

func peoplePrefix(date calendar.Date, hash string) string {
	return fmt.Sprintf("people#%s#%s#", date, hash)
}

// peopleRange has the sets of people of a range of days, including those of former revisions.
func peopleRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: fmt.Sprintf("people#%s#", days.From), To: fmt.Sprintf("people#%s#~", days.To)}
}

// setOfPeople returns the day and the hash in the key of a set of people.
func setOfPeople(key Key) (date calendar.Date, hash string) {
	parts := strings.Split(key.Sort, "#")
	if len(parts) != 4 {
		return 0, ""
	}
	date, _ = calendar.ParseDate(parts[1]) // an invalid date is outside of every range
	return date, parts[2]
}

// setOf returns the part of the sort key before the number. It is the same for all parts of a set.
func setOf(key Key) string {
	parts := strings.Split(key.Sort, "#")
	return parts[len(parts)-2]
}

func usersKey(ref connector.Ref, date calendar.Date, hash string, page int) Key {
	return Key{partition(ref), fmt.Sprintf("users#%s#%s#%04d", date, hash, page)}
}

// detailsKey is next to the key of the page with the same people. So code that removes one of them by a range also removes the other.
func detailsKey(ref connector.Ref, date calendar.Date, hash string, page int) Key {
	return Key{partition(ref), fmt.Sprintf("users#%s#%s#%04d+", date, hash, page)}
}

// userMonthKey is the key of a page of the values that are derived from the users pages of a month that is over: what each person did in it.
func userMonthKey(ref connector.Ref, month calendar.Date, hash string, page int) Key {
	return Key{partition(ref), fmt.Sprintf("usermonth#%s#%s#%04d", monthOf(month), hash, page)}
}

func userMonthRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("usermonth#%s#", monthOf(month)))
}

// recordKey is the key of a part of GitHub's own record of a day.
func recordKey(ref connector.Ref, date calendar.Date, hash string, part int) Key {
	return Key{partition(ref), fmt.Sprintf("record#%s#%s#%04d", date, hash, part)}
}

func recordRange(ref connector.Ref, date calendar.Date) Range {
	return within(ref, fmt.Sprintf("record#%s#", date))
}

// repositoriesKey is the key of a part of the repositories of a day.
func repositoriesKey(ref connector.Ref, date calendar.Date, hash string, part int) Key {
	return Key{partition(ref), fmt.Sprintf("repos#%s#%s#%04d", date, hash, part)}
}

// repositoriesRange has the repositories of a range of days, including those of former revisions.
func repositoriesRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: fmt.Sprintf("repos#%s#", days.From), To: fmt.Sprintf("repos#%s#~", days.To)}
}

func usersRange(ref connector.Ref, date calendar.Date) Range {
	return within(ref, fmt.Sprintf("users#%s#", date))
}

// activeMonthKey and lastDaysKey are the keys of the values that are derived from the sets of a month: who was active on which
// days, and on which day last.
func activeMonthKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("active#%s#%02d", monthOf(month), part)}
}

func lastDaysKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("lastdays#%s#%02d", monthOf(month), part)}
}

func activeMonthRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("active#%s#", monthOf(month)))
}

func lastDaysRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("lastdays#%s#", monthOf(month)))
}

// membershipKey is the key of a part of a membership: who is in which team. All days of a month that have the same membership name
// it by its hash.
func membershipKey(ref connector.Ref, month calendar.Date, hash string, part int) Key {
	return Key{partition(ref), fmt.Sprintf("teams#%s#%s#%02d", monthOf(month), hash, part)}
}

func membershipsRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("teams#%s#", monthOf(month)))
}

// teamDayKey is the key of what the people of each team did on a day.
func teamDayKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), "byteam#" + date.String()}
}

func teamDaysRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: "byteam#" + days.From.String(), To: "byteam#" + days.To.String()}
}

// teamSumsKey is the key of what the people of each team did on all days of a month together.
func teamSumsKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("teamsums#%s#%02d", monthOf(month), part)}
}

// teamMonthKey is the key of the value that is derived from the memberships of a month: who was in which team on which days.
func teamMonthKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("teammonth#%s#%02d", monthOf(month), part)}
}

func teamMonthRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("teammonth#%s#", monthOf(month)))
}

// tenuresKey is the key of the value that is derived from the snapshots of a month that is over: who held a seat on which days.
func tenuresKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("tenures#%s#%02d", monthOf(month), part)}
}

func tenuresRange(ref connector.Ref, month calendar.Date) Range {
	return within(ref, fmt.Sprintf("tenures#%s#", monthOf(month)))
}

// lastDaysOfYear holds the last days of the twelve months before one.
func lastDaysOfYear(ref connector.Ref, month calendar.Date) Range {
	return Range{
		Partition: partition(ref), From: fmt.Sprintf("lastdays#%s#", monthOf(yearBefore(month))), To: fmt.Sprintf("lastdays#%s#~", monthOf(month-1)),
	}
}

// yearKey is the key of the last day on which each person was active in the twelve months before a month.
func yearKey(ref connector.Ref, month calendar.Date, part int) Key {
	return Key{partition(ref), fmt.Sprintf("lastyear#%s#%02d", monthOf(month), part)}
}

// yearBefore returns the first day of the same month of the year before.
func yearBefore(first calendar.Date) calendar.Date {
	return calendar.DateOf(first.Start().AddDate(-1, 0, 0))
}

// monthOf returns the month of a day.
func monthOf(day calendar.Date) string { return day.String()[:len("2006-01")] }

func partialKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), "partial#" + date.String()}
}

func partialPageKey(ref connector.Ref, date calendar.Date, set string, page int) Key {
	return Key{partition(ref), fmt.Sprintf("partial#%s#%s#%04d", date, set, page)}
}

func seatsKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), "seats#" + date.String()}
}

func seatPageKey(ref connector.Ref, date calendar.Date, set string, page int) Key {
	return Key{partition(ref), fmt.Sprintf("seatlist#%s#%s#%04d", date, set, page)}
}

func seatPagesRange(ref connector.Ref, date calendar.Date) Range {
	return within(ref, fmt.Sprintf("seatlist#%s#", date))
}

const seatChangesPrefix = "seatchanges#"

// seatChangesKey is the key of the changes between the snapshot of a day and the one before.
func seatChangesKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), seatChangesPrefix + date.String()}
}

func seatChangesRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: seatChangesPrefix + days.From.String(), To: seatChangesPrefix + days.To.String()}
}

// seatCountsKey is the key of the number of seats of a day by status. It names nobody.
func seatCountsKey(ref connector.Ref, date calendar.Date) Key {
	return Key{partition(ref), "seatcounts#" + date.String()}
}

func seatCountsRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: "seatcounts#" + days.From.String(), To: "seatcounts#" + days.To.String()}
}

// within has all items of a connector whose sort key begins with a prefix.
func within(ref connector.Ref, prefix string) Range {
	return Range{Partition: partition(ref), From: prefix, To: prefix + "~"}
}

// reminderKey is the key of a mail that must be sent once. It takes the mail's name.
func reminderKey(ref connector.Ref, reminder string) Key {
	return Key{partition(ref), "reminder#" + reminder}
}

// auditTime has the same length for every instant, so that its bytes sort in the order of time.
const auditTime = "2006-01-02T15:04:05.000000000Z"

func auditKey(ref connector.Ref, event audit.Event) Key {
	return Key{partition(ref), "audit#" + event.At.UTC().Format(auditTime) + "#" + event.ID}
}

// auditRange has all events from a place backwards, newest first.
func auditRange(ref connector.Ref, place string) Range {
	r := within(ref, "audit#")
	r.NewestFirst = true
	if place != "" {
		r.To = "audit#" + place
	}
	return r
}

func auditPlace(key Key) string { return strings.TrimPrefix(key.Sort, "audit#") }

// billKey is the key of the bill of the month of a day.
func billKey(ref connector.Ref, day calendar.Date) Key {
	return Key{partition(ref), "bill#" + monthOf(day)}
}

// billPartsKey is the key of the parts of the bill of the month of a day.
func billPartsKey(ref connector.Ref, day calendar.Date) Key {
	return Key{partition(ref), "billparts#" + monthOf(day)}
}

// seatsRange has the snapshots of a range of days.
func seatsRange(ref connector.Ref, days calendar.Range) Range {
	return Range{Partition: partition(ref), From: "seats#" + days.From.String(), To: "seats#" + days.To.String()}
}
