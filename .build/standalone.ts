// The entry of the standalone binaries.
import { startProcess } from '../src/main.ts';

void startProcess();
