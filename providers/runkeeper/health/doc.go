// Package health reads and writes one person's account through Runkeeper's Health Graph
// API, with a token that the person gave.
//
// Runkeeper has not given out keys since 2017, so this is for those who have
// one. It asks for exact media types, reads addresses from the root resource,
// follows relative links to older pages, and understands texts in ISO-8859-1,
// times without zone, and refusals that say only in words how long they last.
// Feeds hold neither notes nor climb nor heart rate; those cost a request for
// every activity, and are read only when they are asked for.
//
// A create is sent once: the API has no key to know it again.
// Updates and deletes are repeated like reads. Texts are sent so that they read
// the same in UTF-8 and in ISO-8859-1.
package health
