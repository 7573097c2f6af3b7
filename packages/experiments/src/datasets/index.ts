export { type OpenedTask, openTask, type TaskRequest } from './open-task.ts'
export { type LoadedTask, type LoadOptions, loadTask, registerTask, taskNames } from './registry.ts'
export type {
  ChatPrompt,
  FinalNumberItem,
  GeneratedItem,
  Generator,
  HiddenTest,
  ItemMeta,
  ItemRequest,
  NumberItem,
  OpenItem,
  ProgramItem,
  PythonProgramItem,
  Split,
  TaskItem,
} from './task-item.ts'
