// The entry of the standalone binaries.
import { startProcess } from '../src/main.ts';

// Bun would print every request with its Authorization header.
delete process.env['BUN_CONFIG_VERBOSE_FETCH'];

void startProcess();
