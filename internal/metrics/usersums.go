package metrics

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// UserSums adds up the days of many people, page by page. There may be hundreds of days for each person, so it keeps only the
// numbers of a day.
type UserSums struct {
	Month calendar.Date // the first day of a month, if all days are in it and MonthPage will be called

	byID map[int64]*UserSum
	days map[int64]uint32 // of Month, on which each person was active, one bit a day
}

// AddPage adds the people on a day's page whose hashes are in a range. Days must come oldest first.
func (s *UserSums) AddPage(day calendar.Date, page []byte, of shard.Range) error {
	for len(page) > 0 {
		stored, rest, ok := nextUser(page)
		if !ok {
			return errPage
		}
		page = rest
		if !of.Has(shard.Hash(stored.id())) {
			continue
		}
		u, login, ok := stored.numbers()
		if !ok || !s.add(day, &u, login, 1, toldOn(&u)) {
			return errPage
		}
		if s.Month > 0 {
			s.markActive(u.UserID, day)
		}
	}
	return nil
}

func (s *UserSums) markActive(userID int64, day calendar.Date) {
	if s.days == nil {
		s.days = map[int64]uint32{}
	}
	s.days[userID] |= 1 << (day - s.Month)
}

// add adds days of a person: last is the last of the days; told is how many of them have a count.
func (s *UserSums) add(last calendar.Date, u *UserDay, login []byte, days, told int) (ok bool) {
	if s.byID == nil {
		s.byID = map[int64]*UserSum{}
	}
	sum := s.byID[u.UserID]
	if sum == nil {
		sum = new(UserSum)
		s.byID[u.UserID] = sum
	}
	if len(login) > 0 && string(login) != sum.sum.Login {
		if validLogin(login) != nil {
			return false
		}
		sum.sum.Login = string(login)
	}
	sum.addNumbers(last, u, days, told)
	return true
}

// Usage returns the sums of everybody, in any order.
func (s *UserSums) Usage() []UserUsage {
	list := make([]UserUsage, 0, len(s.byID))
	for _, sum := range s.byID {
		list = append(list, sum.Usage())
	}
	return list
}
