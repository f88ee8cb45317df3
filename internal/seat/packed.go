package seat

import (
	"cmp"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"time"

	"cloudmonitor.ai/copilot-connector/internal/calendar"
	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// The flags of a seat: which fields are present, and which instants have a fraction of a second.
const (
	hasPerson = 1 << iota
	hasCreated
	hasActivity
	hasPending
	createdFraction
	activityFraction
	isForgotten
)

// Pack returns seats in their stored form. It has one column for each field, so that similar values are neighbours and
// compress well. It stores each text once and then its number, and ids and instants as differences from other values.
func Pack(seats []Seat) []byte {
	p := packer{binary.AppendUvarint(nil, uint64(len(seats)))}
	for i := range seats {
		p.text = append(p.text, fieldsOf(&seats[i]))
	}
	p.words(seats, func(s *Seat) string { return s.Organization })
	p.words(seats, func(s *Seat) string { return s.Team })
	p.words(seats, func(s *Seat) string { return string(s.Plan) })
	p.words(seats, func(s *Seat) string { return s.LastActivityEditor })
	p.people(seats)
	p.instants(seats, func(s *Seat) *time.Time { return s.CreatedAt })
	p.instants(seats, func(s *Seat) *time.Time { return s.LastActivityAt })
	for i := range seats {
		if ends := seats[i].PendingCancellation; ends != nil {
			p.text = binary.AppendVarint(p.text, int64(*ends))
		}
	}
	for i := range seats {
		p.text = binary.AppendUvarint(p.text, uint64(len(seats[i].Login)))
	}
	for i := range seats {
		p.text = append(p.text, seats[i].Login...)
	}
	return p.text
}

func fieldsOf(s *Seat) (fields byte) {
	set := func(field byte, holds bool) {
		if holds {
			fields |= field
		}
	}
	set(hasPerson, s.UserID != nil)
	set(hasCreated, s.CreatedAt != nil)
	set(hasActivity, s.LastActivityAt != nil)
	set(hasPending, s.PendingCancellation != nil)
	set(createdFraction, s.CreatedAt != nil && s.CreatedAt.Nanosecond() != 0)
	set(isForgotten, s.Forgotten)
	set(activityFraction, s.LastActivityAt != nil && s.LastActivityAt.Nanosecond() != 0)
	return fields
}

type packer struct{ text []byte }

// words writes each different text once, and then for each seat the number of its text.
func (p *packer) words(seats []Seat, of func(*Seat) string) {
	numbers := map[string]uint64{}
	var list []string
	for i := range seats {
		if word := of(&seats[i]); !has(numbers, word) {
			numbers[word] = uint64(len(list))
			list = append(list, word)
		}
	}
	p.text = binary.AppendUvarint(p.text, uint64(len(list)))
	for _, word := range list {
		p.text = append(binary.AppendUvarint(p.text, uint64(len(word))), word...)
	}
	for i := range seats {
		p.text = binary.AppendUvarint(p.text, numbers[of(&seats[i])])
	}
}

func has[K comparable, V any](m map[K]V, key K) bool {
	_, ok := m[key]
	return ok
}

// people writes each id as its difference from the previous one.
func (p *packer) people(seats []Seat) {
	last := int64(0)
	for i := range seats {
		if id := seats[i].UserID; id != nil {
			p.text, last = binary.AppendVarint(p.text, *id-last), *id
		}
	}
}

// instants writes the latest second, and then each instant as its difference from that.
func (p *packer) instants(seats []Seat, of func(*Seat) *time.Time) {
	latest := int64(math.MinInt64)
	for i := range seats {
		if at := of(&seats[i]); at != nil {
			latest = max(latest, at.Unix())
		}
	}
	p.text = binary.AppendVarint(p.text, latest)
	for i := range seats {
		at := of(&seats[i])
		if at == nil {
			continue
		}
		p.text = binary.AppendUvarint(p.text, uint64(latest-at.Unix())) //nolint:gosec // not negative
		if fraction := at.Nanosecond(); fraction != 0 {
			p.text = binary.AppendUvarint(p.text, uint64(fraction)) //nolint:gosec // not negative
		}
	}
}

// leastOfASeat is the smallest number of bytes of a seat: its flags, four texts and the length of its login.
const leastOfASeat = 6

var errDamaged = errors.New("a stored list of seats is damaged")

// Unpack returns the seats that Pack has packed, with instants in UTC. It returns an error for any other input.
func Unpack(text []byte) ([]Seat, error) {
	u := unpacker{text: text}
	seats := make([]Seat, u.count(leastOfASeat))
	fields := u.bytes(uint64(len(seats)))
	if u.damaged {
		return nil, errDamaged
	}
	u.words(seats, func(s *Seat, word string) { s.Organization = word })
	u.words(seats, func(s *Seat, word string) { s.Team = word })
	u.words(seats, func(s *Seat, word string) { s.Plan = copilot.Plan(word) })
	u.words(seats, func(s *Seat, word string) { s.LastActivityEditor = word })
	u.people(seats, fields)
	u.instants(seats, fields, hasCreated, createdFraction, func(s *Seat, at *time.Time) { s.CreatedAt = at })
	u.instants(seats, fields, hasActivity, activityFraction, func(s *Seat, at *time.Time) { s.LastActivityAt = at })
	for i := range seats {
		seats[i].Forgotten = fields[i]&isForgotten != 0
		if fields[i]&hasPending != 0 {
			seats[i].PendingCancellation = new(calendar.Date(u.varint()))
		}
	}
	u.logins(seats)
	if u.damaged || len(u.text) > 0 {
		return nil, errDamaged
	}
	return seats, nil
}

// Names reports whether a packed list has a seat of any of the people. It reads only the column of ids.
func Names(text []byte, some func(userID int64) bool) (bool, error) {
	u := unpacker{text: text}
	fields := u.bytes(uint64(u.count(leastOfASeat))) //nolint:gosec // not negative
	for range 4 {
		u.skipWords(len(fields))
	}
	id := int64(0)
	for _, has := range fields {
		if has&hasPerson == 0 {
			continue
		}
		if id += u.varint(); u.damaged {
			break
		}
		if some(id) {
			return true, nil
		}
	}
	if u.damaged {
		return false, errDamaged
	}
	return false, nil
}

// unpacker reads the packed form. After the first damaged value it returns only zeros.
type unpacker struct {
	text    []byte
	damaged bool
}

func (u *unpacker) uvarint() uint64 {
	value, n := binary.Uvarint(u.text)
	if n <= 0 {
		u.text, u.damaged = nil, true
		return 0
	}
	u.text = u.text[n:]
	return value
}

func (u *unpacker) varint() int64 {
	value, n := binary.Varint(u.text)
	if n <= 0 {
		u.text, u.damaged = nil, true
		return 0
	}
	u.text = u.text[n:]
	return value
}

// count reads a number of items. Each item takes at least a given number of bytes, so a larger number is damage.
func (u *unpacker) count(each int) int {
	n := u.uvarint()
	if n > uint64(len(u.text)/each) { //nolint:gosec // not negative
		u.text, u.damaged = nil, true
		return 0
	}
	return int(n) //nolint:gosec // not more than there are bytes
}

func (u *unpacker) bytes(n uint64) []byte {
	if n > uint64(len(u.text)) {
		u.text, u.damaged = nil, true
		return nil
	}
	taken := u.text[:n]
	u.text = u.text[n:]
	return taken
}

func (u *unpacker) words(seats []Seat, set func(*Seat, string)) {
	list := make([]string, u.count(1))
	for i := range list {
		list[i] = string(u.bytes(u.uvarint()))
	}
	for i := range seats {
		number := u.uvarint()
		if number >= uint64(len(list)) {
			u.text, u.damaged = nil, true
			return
		}
		set(&seats[i], list[number])
	}
}

// skipWords skips the column of a text.
func (u *unpacker) skipWords(seats int) {
	for range u.count(1) {
		u.bytes(u.uvarint())
	}
	for range seats {
		u.uvarint()
	}
}

// people allocates the memory of all ids at once: one allocation for each would take longer than everything else.
func (u *unpacker) people(seats []Seat, fields []byte) {
	ids := make([]int64, len(seats))
	last := int64(0)
	for i := range seats {
		if fields[i]&hasPerson != 0 {
			last += u.varint()
			ids[i] = last
			seats[i].UserID = &ids[i]
		}
	}
}

func (u *unpacker) instants(seats []Seat, fields []byte, there, fraction byte, set func(*Seat, *time.Time)) {
	instants := make([]time.Time, len(seats))
	latest := u.varint()
	for i := range seats {
		if fields[i]&there == 0 {
			continue
		}
		seconds, nanos := latest-int64(u.uvarint()), int64(0) //nolint:gosec // the distance fits as it was written
		if fields[i]&fraction != 0 {
			nanos = int64(u.uvarint() % uint64(time.Second))
		}
		instants[i] = time.Unix(seconds, nanos).UTC()
		set(&seats[i], &instants[i])
	}
}

func (u *unpacker) logins(seats []Seat) {
	lengths := make([]uint64, len(seats))
	for i := range lengths {
		lengths[i] = u.uvarint()
	}
	all := string(u.text)
	for i, length := range lengths {
		if length > uint64(len(all)) {
			u.damaged = true
			return
		}
		seats[i].Login, all = all[:length], all[length:]
	}
	u.text = u.text[len(u.text)-len(all):]
}

// InOrder returns seats in their stored order: by person, then by organization and team, and seats without a person last. The
// order does not depend on the order in which GitHub lists them.
func InOrder(seats []Seat) []Seat {
	if inOrder(seats) {
		return seats
	}
	order := make([]int, len(seats)) // sorting numbers is faster than sorting seats
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int { return compareStored(&seats[i], &seats[j]) })
	ordered := make([]Seat, len(seats))
	for i, from := range order {
		ordered[i] = seats[from]
	}
	return ordered
}

// inOrder reports whether seats are in their stored order.
func inOrder(seats []Seat) bool {
	for i := 1; i < len(seats); i++ {
		if compareStored(&seats[i-1], &seats[i]) > 0 {
			return false
		}
	}
	return true
}

func compareStored(a, b *Seat) int {
	switch {
	case a.UserID == nil && b.UserID == nil:
		return 0
	case a.UserID == nil:
		return 1
	case b.UserID == nil:
		return -1
	}
	if order := cmp.Compare(*a.UserID, *b.UserID); order != 0 {
		return order
	}
	return cmp.Or(cmp.Compare(a.Organization, b.Organization), cmp.Compare(a.Team, b.Team))
}
