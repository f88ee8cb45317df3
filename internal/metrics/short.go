package metrics

// PeopleRead says that a day's per-user report has fewer people than GitHub counts as active. Numbers from that report are then too low:
// engaged users, credits, and the distinct people of a range.
type PeopleRead struct {
	Read     int64 `json:"read"`     // also 0 if no per-user report was read
	Expected int64 `json:"expected"` // GitHub's daily_active_users
}

// PeopleReadOf returns nil if nobody is known to be missing.
func PeopleReadOf(active *int64, read int64) *PeopleRead {
	if active == nil || read >= *active {
		return nil
	}
	return &PeopleRead{Read: read, Expected: *active}
}

// PeopleShort says that people are missing on some days of a range. It adds up the people of these days, so a person counts once
// on each.
type PeopleShort struct {
	Days int `json:"days"`
	PeopleRead
}

// PeopleShortOf returns nil if nobody is known to be missing on any day.
func PeopleShortOf(days []Day) *PeopleShort {
	var short PeopleShort
	for i := range days {
		if people := days[i].People; people != nil {
			short.Days++
			short.Read += people.Read
			short.Expected += people.Expected
		}
	}
	if short.Days == 0 {
		return nil
	}
	return &short
}
