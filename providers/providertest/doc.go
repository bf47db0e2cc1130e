// Package providertest is the suite that every provider must pass. A provider
// gives it a Harness: how to open an empty account, and sample values for each
// kind. The suite then checks the promises of the contract: what is written
// reads back equal, nothing is listed twice or left out, what is gone stays
// gone, each write of a bulk call has its own verdict, and Group is pure.
package providertest
