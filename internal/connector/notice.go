package connector

import (
	"time"

	"cloudmonitor.ai/copilot-connector/internal/access"
	"cloudmonitor.ai/copilot-connector/internal/calendar"
)

// Notice is a message that people get by mail, once.
type Notice struct {
	Kind NoticeKind `json:"kind"`
	At   time.Time  `json:"at"`

	// ExpiresAt and DaysLeft belong to NoticeExpires and NoticeKeyAge: when the token expires, or token or key is due for rotation.
	ExpiresAt time.Time `json:"expiresAt,omitzero"`
	DaysLeft  int       `json:"daysLeft,omitempty"`

	// Reason says why a connector has stopped and what to do, in words for people.
	Reason string `json:"reason,omitempty"`

	// Lost lists the capabilities that the token has lost.
	Lost access.Capability `json:"lost,omitempty"`

	// Remedy says what to do about lost capabilities or unreadable reports. It is empty if a new token helps.
	Remedy string `json:"remedy,omitempty"`

	// Days are the days that are missing or cannot be read.
	Days []calendar.Date `json:"days,omitempty"`
}

// NoticeKind is the subject of a notice.
type NoticeKind string

// The kinds of notices.
const (
	NoticeExpires NoticeKind = "expires" // the token expires soon, or is due for rotation
	NoticeKeyAge  NoticeKind = "key_age" // the key of a GitHub App is to be replaced, for it is a year old or soon will be
	NoticeExpired NoticeKind = "expired" // the token has expired
	NoticeStopped NoticeKind = "stopped" // usage cannot be read until a person acts
	NoticeHealed  NoticeKind = "healed"
	NoticeMissing NoticeKind = "missing" // GitHub has no report for a day, and we do not expect one any more

	NoticeLost       NoticeKind = "lost"       // the token cannot read seats, bills or people any more; usage still works
	NoticeUnreadable NoticeKind = "unreadable" // reports of some days cannot be read, although polls have tried several times
)

// Recipient is a person who gets a connector's notices by mail.
type Recipient struct {
	Email string         `json:"email"`
	State RecipientState `json:"state"`
}

// RecipientState is whether mail reaches a recipient.
type RecipientState string

// The states of a recipient. SNS sends mail only to people who have confirmed. It forgets an invitation that was not
// confirmed after some days. Each mail has a link with which anybody who sees the mail can unsubscribe the address.
const (
	RecipientConfirmed     RecipientState = "confirmed"
	RecipientPending       RecipientState = "pending"
	RecipientNotSubscribed RecipientState = "not_subscribed" // the invitation has expired, or somebody unsubscribed
)
