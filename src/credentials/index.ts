// Keys of providers, sealed in a file. Adding a line here is a decision: nothing but the store leaves this folder.
export type { CredentialStore, CredentialStoreOptions, StoredCredential } from './credential-store.ts';
export { createCredentialStore } from './credential-store.ts';
