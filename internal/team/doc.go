// Package team holds who is in which team on a day, who was in a team on which days of a month, and what the people of each team did. A
// person in n teams counts in each of them, and 1/n of their credits belongs to each. Teams are named by their slugs. The package
// must not know where anything is stored, nor prices. Start reading at Membership, then Sums.
package team
