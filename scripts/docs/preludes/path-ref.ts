declare const path: import('vue').Ref<string>
