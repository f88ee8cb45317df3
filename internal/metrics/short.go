package metrics

// PeopleRead says that a day's per-user report tells of fewer people than GitHub counts as active. What comes from that
// report is too low then: engaged users, credits, and the distinct people of a range.
type PeopleRead struct {
	Read     int64 `json:"read"`     // 0 also where no per-user report was read
	Expected int64 `json:"expected"` // GitHub's daily_active_users
}

// PeopleReadOf is nil where nobody is known to be missing.
func PeopleReadOf(active *int64, read int64) *PeopleRead {
	if active == nil || read >= *active {
		return nil
	}
	return &PeopleRead{Read: read, Expected: *active}
}

// PeopleShort says that days of a range lack people. Of these days the people are added up, so that somebody counts on
// each of them.
type PeopleShort struct {
	Days int `json:"days"`
	PeopleRead
}

// PeopleShortOf is nil where no day is known to lack people.
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
