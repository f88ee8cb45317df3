package team

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"slices"
)

// Membership is who is in which teams on a day, by user id.
type Membership struct {
	teams []string // ascending
	ids   []int64  // ascending
	ends  []uint32 // for each id: where its teams end in list
	list  []uint32 // numbers of teams, ascending for each id
}

// Teams returns the slugs, in the order of names. A number of a team is its place here.
func (m *Membership) Teams() []string { return m.teams }

// Of returns the numbers of a person's teams.
func (m *Membership) Of(userID int64) []uint32 {
	at, ok := slices.BinarySearch(m.ids, userID)
	if !ok {
		return nil
	}
	return m.at(at)
}

// NamesOf returns the teams of a person, in the order of names.
func (m *Membership) NamesOf(userID int64) []string {
	names := []string{}
	for _, number := range m.Of(userID) {
		names = append(names, m.teams[number])
	}
	return names
}

func (m *Membership) at(i int) []uint32 {
	begin := uint32(0)
	if i > 0 {
		begin = m.ends[i-1]
	}
	return m.list[begin:m.ends[i]]
}

// Bytes returns the stored form, in columns, because they compress well. Equal memberships have equal bytes.
func (m *Membership) Bytes() []byte {
	text := appendNames(nil, m.teams)
	text = appendIDs(text, m.ids)
	for i := range m.ids {
		text = binary.AppendUvarint(text, uint64(len(m.at(i))))
	}
	for _, team := range m.list {
		text = binary.AppendUvarint(text, uint64(team))
	}
	return text
}

// Hash returns the name of the membership: a hash of its content.
func (m *Membership) Hash() string { return HashOf(m.Bytes()) }

// HashOf returns the hash of a membership's stored form.
func HashOf(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

var errDamaged = errors.New("the stored teams are damaged")

// ReadMembership reads the stored form.
func ReadMembership(text []byte) (*Membership, error) {
	r := reader{text: text}
	m := &Membership{teams: r.names(), ids: r.ids()}
	m.ends = make([]uint32, len(m.ids))
	end := uint64(0)
	for i := range m.ids {
		end += r.number(maxTeams)
		m.ends[i] = uint32(min(end, maxEnd))
	}
	if end > uint64(len(r.text)) { // a team takes at least one byte
		return nil, errDamaged
	}
	m.list = make([]uint32, end)
	for i := range m.list {
		m.list[i] = uint32(r.number(uint64(len(m.teams)) - 1)) //nolint:gosec // bounded
	}
	if r.damaged || len(r.text) > 0 {
		return nil, errDamaged
	}
	return m, nil
}

// Without returns the membership without the people who must go, and whether there were any.
func (m *Membership) Without(gone func(userID int64) bool) (left *Membership, changed bool) {
	left = &Membership{teams: m.teams}
	for i, id := range m.ids {
		if gone(id) {
			changed = true
			continue
		}
		left.ids, left.list = append(left.ids, id), append(left.list, m.at(i)...)
		left.ends = append(left.ends, uint32(len(left.list))) //nolint:gosec // bounded
	}
	return left, changed
}

// maxEnd is longer than any list of teams.
const maxEnd = 1 << 31
