// Package team has who is in which team on a day, who was in a team on which days of a month, and what the people of each team
// did. Somebody in n teams counts in each of them, and 1/n of the credits belongs to each. Teams are known by their slugs.
// The package must not know where any of it is stored, nor prices. Start reading at Membership, then Sums.
package team
