package metrics

import (
	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/shard"
)

// UserSums adds up the days of many people, page by page. There may be hundreds of days for each person, so it keeps only the
// numbers of a day.
type UserSums struct{ byID map[int64]*UserSum }

// AddPage adds the people on a day's page whose hashes are in a range. Days must come oldest first.
func (s *UserSums) AddPage(day calendar.Date, page []byte, of shard.Range) error {
	if s.byID == nil {
		s.byID = map[int64]*UserSum{}
	}
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
		if !ok || !s.add(day, &u, login) {
			return errPage
		}
	}
	return nil
}

func (s *UserSums) add(day calendar.Date, u *UserDay, login []byte) (ok bool) {
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
	sum.addNumbers(day, u)
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
